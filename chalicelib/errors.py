"""Every failure Workbill can name, as one tree, sorted by what the caller should do.

    WorkbillError                 something is wrong with us: tell an operator
    ├── InvalidInput              correct the field named
    ├── NotSignedIn               sign in, or send a valid API key
    ├── NotAllowed                ask somebody who may
    │   └── SecondFactorNeeded    verify the second factor, then repeat
    ├── NotFound                  check the id; also said of what belongs to somebody else
    ├── Conflict                  look at the present state, then decide
    ├── TooLarge                  send less, or use the upload door
    ├── TooManyRequests           wait, then repeat
    ├── NotConnected              connect, or reconnect, to Xero
    └── XeroError                 the other side; its branches are in chalicelib/xero/errors.py

The tree knows HTTP statuses as plain numbers and imports no framework, so that a page, the
JSON API, a queue worker and a test read the same error each in its own way.
"""

from typing import ClassVar


class WorkbillError(Exception):
    """A failure with a sentence a bookkeeper understands.

    ``code`` is stable and is what programs branch on; ``status`` is the HTTP status; ``field``
    names the input at fault, where one is.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class InvalidInput(WorkbillError):
    """What was sent cannot be used as it is; ``field`` says which part."""

    status = 400
    code = "invalid_input"


class NotSignedIn(WorkbillError):
    """No session or API key, or one that has ended."""

    status = 401
    code = "not_signed_in"


class NotAllowed(WorkbillError):
    """The caller is known and may not do this."""

    status = 403
    code = "not_allowed"


class SecondFactorNeeded(NotAllowed):
    """The act demands a second factor verified a short while ago."""

    code = "second_factor_needed"


class NotFound(WorkbillError):
    """There is no such thing, as far as this tenant is concerned."""

    status = 404
    code = "not_found"


class Conflict(WorkbillError):
    """The present state does not allow this; nothing was changed."""

    status = 409
    code = "conflict"


class TooLarge(WorkbillError):
    """More was sent than one request may carry."""

    status = 413
    code = "too_large"


class TooManyRequests(WorkbillError):
    """Tried too often; ``retry_after`` is in seconds."""

    status = 429
    code = "too_many_requests"

    def __init__(self, sentence: str, *, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class NotConnected(WorkbillError):
    """The act needs a live connection to Xero and there is none."""

    status = 409
    code = "not_connected"


class MisconfiguredError(WorkbillError):
    """The operator's settings cannot work; every fault is listed in the sentence."""

    code = "misconfigured"


class XeroError(WorkbillError):
    """Xero answered with a failure, or did not answer.

    ``correlation_id`` is Xero's own name for the exchange, to quote to its support.
    """

    status = 502
    code = "xero_error"

    def __init__(self, sentence: str, *, correlation_id: str | None = None) -> None:
        super().__init__(sentence)
        self.correlation_id = correlation_id
