from dataclasses import replace

import pytest

from local.cloud import mail, xero
from local.cloud.errors import CannotStartError
from local.cloud.options import Options, Ports


def options(**env):
    return Options.from_env(env)


class TestPorts:
    def test_defaults_are_those_of_the_documentation(self):
        assert Ports.from_env({}) == Ports(8000, 8001, 4566)

    def test_each_can_be_chosen(self):
        chosen = {"PORT": "1", "XERO_PORT": "2", "CLOUD_PORT": "3"}

        assert Ports.from_env(chosen) == Ports(1, 2, 3)

    @pytest.mark.parametrize("port", ["", "no", "0", "65536", "-1", "80 81"])
    def test_only_a_port_number_will_do(self, port):
        if not port:
            assert Ports.from_env({"PORT": port}).app == 8000
            return
        with pytest.raises(CannotStartError, match="PORT must be a port number"):
            Ports.from_env({"PORT": port})

    def test_two_of_the_same_are_refused(self):
        with pytest.raises(CannotStartError, match="three different numbers"):
            Ports.from_env({"PORT": "8001"})


class TestAddresses:
    def test_workbill_and_xero_are_two_sites(self):
        assert options().base_url == "http://localhost:8000"
        assert options().xero_url == "http://127.0.0.1:8001"

    def test_links_follow_the_port(self):
        assert options(PORT="8100").base_url == "http://localhost:8100"

    def test_a_public_address_can_be_given(self):
        assert options(PUBLIC_BASE_URL="https://a.example").base_url == "https://a.example"


class TestWhichXero:
    def test_the_local_one_is_the_default(self):
        chosen = xero.parameters(options(XERO_PORT="8101"))

        assert chosen["XeroApiUrl"] == chosen["XeroLoginUrl"] == "http://127.0.0.1:8101"
        assert chosen["XeroClientId"] == "LOCALXEROCLIENTID00000000000000"

    def test_a_client_id_and_secret_mean_the_real_one(self):
        chosen = xero.parameters(options(XERO_CLIENT_ID="id", XERO_CLIENT_SECRET="no"))

        assert chosen == {
            "XeroClientId": "id",
            "XeroClientSecret": "no",
            "XeroWebhookKey": "",
            "XeroLoginUrl": "https://login.xero.com",
            "XeroIdentityUrl": "https://identity.xero.com",
            "XeroApiUrl": "https://api.xero.com",
        }

    def test_any_other_one_can_be_named(self):
        named = options(XERO_CLIENT_ID="id", XERO_CLIENT_SECRET="no", XERO_API_URL="http://x")

        assert xero.parameters(named)["XeroApiUrl"] == "http://x"

    @pytest.mark.parametrize("half", ["XERO_CLIENT_ID", "XERO_CLIENT_SECRET", "XERO_API_URL"])
    def test_half_of_the_settings_is_refused(self, half):
        with pytest.raises(CannotStartError, match="XERO_CLIENT_ID and XERO_CLIENT_SECRET"):
            xero.parameters(replace(options(), env={half: "x"}))


class TestMail:
    def test_is_sent_from_an_address_that_leads_nowhere(self):
        assert mail.address(options()) == "workbill@workbill.test"

    def test_is_sent_from_the_address_asked_for(self):
        assert mail.address(options(MAIL_FROM="me@here.test")) == "me@here.test"
