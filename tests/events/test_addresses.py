"""A webhook goes to the public internet by https, and nowhere else."""

import pytest

from chalicelib.errors import InvalidInput
from chalicelib.events import addresses

NOT_PUBLIC = [
    "0.0.0.0",  # noqa: S104  nothing listens here
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.254",
    "127.0.0.1",
    "127.1.2.3",
    "169.254.169.254",
    "169.254.170.2",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "ff02::1",
    "hello",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
]
PUBLIC = ["1.1.1.1", "93.184.216.34", "100.63.255.255", "172.32.0.1", "2606:4700:4700::1111"]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_refuses_what_is_not_a_public_address(address):
    assert addresses.refused(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_allows_what_is_public(address):
    assert not addresses.refused(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://reports.example/hooks",
        "https://",
        "https:///hooks",
        "https://intranet/hooks",
        "https://10.0.0.1/hooks",
        "https://[::1]/hooks",
        "https://169.254.169.254/latest/meta-data",
        "https://ann:secret@reports.example/",
        "https://reports.example@evil.example/",
        "https://reports.example/#part",
        "https://reports.example:port/",
        "https://réports.example/",
        "https://reports.example/a b",
        "ftp://reports.example/",
        "http://localhost:9001/2018-06-01/runtime/invocation/next",
        f"https://reports.example/{'x' * 500}",
    ],
)
def test_refuses_an_address_by_its_looks(url):
    with pytest.raises(InvalidInput) as refusal:
        addresses.checked(url, local=False)

    assert refusal.value.field == "url"


def test_only_an_operators_setting_opens_this_machine():
    assert addresses.checked("http://localhost:9000/x", local=True) == "http://localhost:9000/x"
    with pytest.raises(InvalidInput):
        addresses.checked("http://10.0.0.1/x", local=True)


def test_keeps_an_address_as_it_was_given():
    url = "https://reports.example:8443/hooks?for=acme"
    assert addresses.checked(f" {url} ", local=False) == url
