import pytest

from chalicelib.xero.errors import (
    XeroCallError,
    XeroForbidden,
    XeroNotFound,
    XeroOutcomeUnknown,
    XeroRateLimited,
    XeroUnavailable,
    XeroUnreadable,
)
from tests.xero.answers import BROKEN, HTML, MANGLED, REFUSED, problem

BOOKS = "https://api.xero.test/api.xro/2.0"

READS = (
    [(name, answer, error) for name, (answer, error) in REFUSED.items()]
    + [(name, answer, XeroUnavailable) for name, answer in BROKEN.items()]
    + [(name, answer, XeroUnreadable) for name, answer in MANGLED.items()]
)
WRITES = (
    [(name, answer, error) for name, (answer, error) in REFUSED.items()]
    + [(name, answer, XeroOutcomeUnknown) for name, answer in BROKEN.items()]
    + [(name, answer, XeroOutcomeUnknown) for name, answer in MANGLED.items()]
)


@pytest.mark.parametrize(("_", "answer", "wanted"), READS, ids=[read[0] for read in READS])
def test_every_answer_to_a_read_has_its_error(kit, xero, _, answer, wanted):
    xero.get(f"{BOOKS}/Invoices/i-1", **answer)

    with pytest.raises(XeroCallError) as raised:
        kit.accounting.invoice("i-1")

    assert type(raised.value) is wanted


@pytest.mark.parametrize(("_", "answer", "wanted"), WRITES, ids=[write[0] for write in WRITES])
def test_every_answer_to_a_write_has_its_error_and_ends_it(kit, xero, _, answer, wanted):
    xero.put(f"{BOOKS}/Invoices", **answer)

    with pytest.raises(XeroCallError) as raised:
        kit.accounting.put_invoices(b"{}", "key")

    assert type(raised.value) is wanted
    assert len(xero.calls) == 1


def test_an_error_names_the_exchange(kit, xero):
    body = problem(403, "AuthenticationUnsuccessful")
    headers = {"Xero-Correlation-Id": "c-1"}
    xero.get(f"{BOOKS}/Organisation", status=403, json=body, headers=headers)

    with pytest.raises(XeroForbidden) as raised:
        kit.accounting.organisation()

    assert raised.value.correlation_id == "c-1"
    assert raised.value.http_status == 403
    assert "AuthenticationUnsuccessful" in raised.value.body


def test_markup_is_kept_out_of_an_error(kit, xero):
    xero.get(f"{BOOKS}/Invoices/i", status=404, body=HTML, content_type="text/html")

    with pytest.raises(XeroNotFound) as raised:
        kit.accounting.invoice("i")

    assert raised.value.body == "Service Unavailable"


@pytest.mark.parametrize(
    ("headers", "seconds", "which"),
    [
        ({"X-Rate-Limit-Problem": "minute", "Retry-After": "23"}, 23, "minute"),
        ({"X-Rate-Limit-Problem": "Day", "Retry-After": "67000"}, 67000, "day"),
        ({"X-Rate-Limit-Problem": "appminute"}, None, "appminute"),
        ({"X-DayLimit-Remaining": "0", "Retry-After": "9"}, 9, "day"),
        ({"X-MinLimit-Remaining": "0", "X-DayLimit-Remaining": "9"}, None, "minute"),
        ({"X-AppMinLimit-Remaining": "0"}, None, "appminute"),
        ({"X-MinLimit-Remaining": "50", "Retry-After": "soon"}, None, "concurrent"),
        ({}, None, "concurrent"),
    ],
)
def test_a_limit_says_which_and_until_when(kit, xero, headers, seconds, which):
    xero.put(f"{BOOKS}/Invoices", status=429, headers=headers)

    with pytest.raises(XeroRateLimited) as raised:
        kit.accounting.put_invoices(b"{}", "key")

    assert (raised.value.retry_after, raised.value.problem) == (seconds, which)
