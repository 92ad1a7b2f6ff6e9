import inspect

import pytest
import requests
from requests import exceptions as broken
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from chalicelib.errors import XeroError
from chalicelib.xero import errors
from chalicelib.xero.call import Call
from chalicelib.xero.errors import (
    XeroCallError,
    XeroMisconfigured,
    XeroOutcomeUnknown,
    XeroUnavailable,
)
from chalicelib.xero.failures import from_exception

EVERY_EXCEPTION = sorted(
    {
        kind
        for _, kind in inspect.getmembers(broken, inspect.isclass)
        if issubclass(kind, requests.RequestException)
    },
    key=lambda kind: kind.__name__,
)
EVERY_ERROR = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, XeroCallError)
]
READ = Call("GET", "/x")
WRITE = Call("PUT", "/x", writes=True)
UNFORMED = {
    broken.URLRequired,
    broken.MissingSchema,
    broken.InvalidSchema,
    broken.InvalidURL,
    broken.InvalidProxyURL,
    broken.InvalidHeader,
}


def raised(kind: type[Exception]) -> Exception:
    if issubclass(kind, ValueError) and issubclass(kind, broken.InvalidJSONError):
        return kind("no", "doc", 0) if kind is broken.JSONDecodeError else kind("no")
    return kind("broken")


@pytest.mark.parametrize("kind", EVERY_EXCEPTION)
def test_every_exception_of_requests_has_its_place_in_a_read(kind):
    wanted = XeroMisconfigured if kind in UNFORMED else XeroUnavailable

    assert type(from_exception(raised(kind), READ)) is wanted


@pytest.mark.parametrize("kind", EVERY_EXCEPTION)
def test_every_exception_of_requests_leaves_a_sent_write_uncertain(kind):
    wanted = XeroMisconfigured if kind in UNFORMED else XeroOutcomeUnknown
    wanted = XeroUnavailable if kind is broken.ConnectTimeout else wanted

    assert type(from_exception(raised(kind), WRITE)) is wanted


@pytest.mark.parametrize(
    "cause",
    [
        NewConnectionError(None, "refused"),
        ConnectTimeoutError(None, "slow"),
    ],
)
def test_a_write_whose_connection_failed_was_not_sent(cause):
    wrapped = broken.ConnectionError(MaxRetryError(None, "/x", cause))

    assert type(from_exception(wrapped, WRITE)) is XeroUnavailable


def test_a_bare_break_of_the_system_is_mapped_too():
    assert type(from_exception(OSError("gone"), WRITE)) is XeroOutcomeUnknown
    assert type(from_exception(OSError("gone"), READ)) is XeroUnavailable


@pytest.mark.parametrize("kind", EVERY_ERROR)
def test_every_error_is_drawn_in_the_tree(kind):
    assert kind.__name__ in errors.__doc__


@pytest.mark.parametrize("kind", EVERY_ERROR)
def test_every_error_has_a_sentence_and_a_code_of_its_own(kind):
    parent = kind.__bases__[0]

    assert issubclass(kind, XeroError)
    assert kind.sentence_by_default.endswith(".")
    if kind is not XeroCallError:
        assert kind.code != parent.code


def test_an_error_keeps_the_start_of_a_long_body_only():
    assert len(XeroUnavailable(body="x" * 9000).body) == errors.BODY_KEPT
