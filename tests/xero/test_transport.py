import gzip
import json
import logging

import pytest
import requests
from responses import matchers

from chalicelib.xero.call import Bearer, Call
from chalicelib.xero.errors import (
    XeroCallError,
    XeroMisconfigured,
    XeroOutcomeUnknown,
    XeroUnavailable,
)
from chalicelib.xero.limits import Limits
from tests.xero.answers import HTML, JSON, SERVER_ERROR, problem, reply

BASE = "https://api.xero.test"
BOOKS = f"{BASE}/api.xro/2.0"


def test_every_call_bears_its_headers(kit, xero):
    xero.put(f"{BOOKS}/Invoices", json={"Invoices": []})

    kit.accounting.put_invoices(b'{"Invoices":[]}', "key-1")

    sent = xero.calls[0].request
    assert sent.headers["Authorization"].startswith("Bearer ")
    assert sent.headers["xero-tenant-id"] == "org-1"
    assert sent.headers["Accept"] == "application/json"
    assert sent.headers["Content-Type"] == "application/json"
    assert sent.headers["Idempotency-Key"] == "key-1"
    assert sent.headers["User-Agent"] == "Workbill/test"
    assert sent.headers["Accept-Encoding"] == "gzip"
    assert sent.body == b'{"Invoices":[]}'
    assert sent.params == {"summarizeErrors": "false", "unitdp": "4"}


def test_a_compressed_answer_is_read_and_counted_as_sent(kit, xero):
    packed = gzip.compress(json.dumps({"Currencies": [{"Code": "NZD"}] * 400}).encode())
    xero.get(
        f"{BOOKS}/Currencies",
        body=packed,
        headers={"Content-Encoding": "gzip"},
        content_type=JSON,
    )

    assert len(kit.accounting.currencies()) == 400
    assert kit.records[0].bytes_in == len(packed)


def test_every_call_leaves_one_record(kit, xero):
    xero.get(
        f"{BOOKS}/Contacts/c-1",
        json={"Contacts": [{"ContactID": "c-1"}]},
        headers={
            "Xero-Correlation-Id": "c-9",
            "X-DayLimit-Remaining": "4999",
            "X-MinLimit-Remaining": "59",
            "X-AppMinLimit-Remaining": "9999",
        },
    )

    kit.accounting.contact("c-1")

    (record,) = kit.records
    assert record.method == "GET"
    assert record.path == "/api.xro/2.0/Contacts/{id}"
    assert record.status == 200
    assert record.correlation_id == "c-9"
    assert record.limits == Limits(day=4999, minute=59, app_minute=9999)
    assert record.organisation_id == "org-1"
    assert record.failure is None


def test_a_call_without_an_answer_leaves_its_record_too(kit, xero):
    xero.put(f"{BOOKS}/Invoices", body=requests.ReadTimeout("slow"))

    with pytest.raises(XeroOutcomeUnknown):
        kit.accounting.put_invoices(b"12345", "key")

    (record,) = kit.records
    assert record.status is None
    assert record.bytes_out == 5
    assert record.failure == "xero_outcome_unknown"


def test_a_wait_is_never_longer_than_the_time_left(kit, xero):
    transport = kit.transport_to(BASE, time_left=lambda: 2.0)
    xero.get(f"{BASE}/x", match=[matchers.request_kwargs_matcher({"timeout": (3.05, 2.0)})])

    assert transport.send(Call("GET", "/x")).status_code == 200


def test_a_call_is_not_begun_without_time_for_its_answer(kit, xero):
    transport = kit.transport_to(BASE, time_left=lambda: 0.1)

    with pytest.raises(XeroUnavailable):
        transport.send(Call("PUT", "/x", writes=True))

    assert len(xero.calls) == 0


def test_a_call_waits_within_limits_by_default(kit, xero):
    expected = {"timeout": (3.05, 15.0), "verify": True}
    xero.get(f"{BASE}/x", match=[matchers.request_kwargs_matcher(expected)])

    kit.transport.send(Call("GET", "/x"))


def test_a_redirect_is_not_followed(kit, xero):
    xero.get(f"{BASE}/x", status=302, headers={"Location": f"{BASE}/y"})

    with pytest.raises(XeroUnavailable):
        kit.transport.send(Call("GET", "/x"))

    assert len(xero.calls) == 1


def test_an_address_that_cannot_be_called_is_the_operators(kit):
    with pytest.raises(XeroMisconfigured):
        kit.transport_to("gopher://xero").send(Call("GET", "/x"))


def test_cookies_are_not_kept_from_one_organisation_to_the_next(kit, xero):
    xero.get(f"{BASE}/x", headers={"Set-Cookie": "session=1; Path=/"})

    kit.transport.send(Call("GET", "/x"))
    kit.transport.send(Call("GET", "/x"))

    assert "Cookie" not in xero.calls[1].request.headers


def test_a_netrc_of_the_machine_does_not_replace_the_token(kit, xero, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine api.xero.test login a password b\n")
    monkeypatch.setenv("NETRC", str(netrc))
    xero.get(f"{BASE}/x")

    kit.transport.send(Call("GET", "/x", auth=Bearer("t")))

    assert xero.calls[0].request.headers["Authorization"] == "Bearer t"


@pytest.mark.parametrize(
    "answer",
    [
        {"body": requests.ConnectionError("reset")},
        reply(500, SERVER_ERROR),
        reply(401, problem(401, "AuthenticationUnsuccessful")),
        reply(200, HTML, "text/html"),
    ],
)
def test_no_secret_is_in_an_error_a_record_or_the_log(kit, xero, planted, caplog, answer):
    caplog.set_level(logging.DEBUG)
    xero.put(f"{BOOKS}/Invoices", **answer)

    with pytest.raises(XeroCallError) as raised:
        kit.accounting.put_invoices(b"{}", "key")

    error = raised.value
    seen = [repr(error), repr(vars(error)), repr(kit.records), caplog.text]
    assert error.__cause__ is None
    assert error.__context__ is None
    assert not any(planted.access in text for text in seen)
    assert planted.access not in repr(Call("GET", "/", auth=Bearer(planted.access)))
    assert planted.access not in repr(Bearer(planted.access))
