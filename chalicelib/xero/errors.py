"""What can go wrong with Xero, as a tree sorted by what the caller should do.

    XeroError (chalicelib/errors.py)
    └── XeroCallError             one call failed; says which exchange it was
        ├── XeroUnavailable       nothing was done: try again later
        ├── XeroRateLimited       nothing was done: wait until the time Xero named
        │   └── XeroBudgetSpent       not even asked: by what is known, it would be refused
        ├── XeroOutcomeUnknown    a write may or may not have happened: look before repeating
        ├── XeroUnreadable        Xero said yes, but not in a form we asked for: report it
        │   └── XeroGrantIncomplete   a grant came without its refresh token: connect again
        ├── XeroRejected          correct what the messages name, then send anew
        │   └── XeroIdempotencyMisuse   the key belongs to another body: take a new key
        ├── XeroNotFound          check the id, and that it is of this organisation
        ├── XeroTokenExpired      refresh the access token once, and repeat once
        ├── XeroUnauthorised      the access token is not accepted: refresh once, then reconnect
        ├── XeroScopeMissing      do not refresh: ask a person to consent to more
        ├── XeroForbidden         look at /connections: disconnected, or a matter of role
        ├── XeroCodeRefused       the one-time code is spent or too old: start consent again
        ├── GrantEnded            the refresh token is dead: a person has to reconnect
        └── XeroMisconfigured     the operator's address or credentials cannot work
            └── XeroRefusedClient     Xero does not know this client id and secret

None of them holds a header, a token or the request; ``body`` is the start of what Xero wrote.
"""

from datetime import datetime
from typing import ClassVar, NamedTuple

from chalicelib.errors import XeroError

BODY_KEPT = 2000
"""Characters of an answer that an error keeps, enough for Xero's own words."""


class Message(NamedTuple):
    """Something Xero says about what was sent; ``where`` is a path such as ``LineItems[2]``."""

    message: str
    where: str


class XeroCallError(XeroError):
    """One call to Xero failed; ``http_status`` is None when no answer came.

    ``body`` is the trimmed text of the answer, for support and never for a page as it is.
    """

    sentence_by_default: ClassVar[str] = "Xero did not do what was asked."

    def __init__(
        self,
        sentence: str | None = None,
        *,
        correlation_id: str | None = None,
        http_status: int | None = None,
        body: str = "",
    ) -> None:
        super().__init__(sentence or self.sentence_by_default, correlation_id=correlation_id)
        self.http_status = http_status
        self.body = body.strip()[:BODY_KEPT]


class XeroUnavailable(XeroCallError):
    """Xero could not be reached, or could not answer a read; nothing was changed."""

    status = 503
    code = "xero_unavailable"
    sentence_by_default = "Xero cannot be reached at the moment. Nothing was changed there."


class XeroRateLimited(XeroCallError):
    """A limit of calls is reached and this call was not done.

    ``retry_after`` is in seconds, None where Xero named no time; ``problem`` is Xero's word for
    the limit: ``minute``, ``day``, ``appminute``, ``concurrent``, or empty.
    """

    status = 503
    code = "xero_rate_limited"
    sentence_by_default = "Xero's limit of calls is reached. This was not done yet."

    def __init__(
        self, *, retry_after: int | None, problem: str, correlation_id: str | None = None
    ) -> None:
        super().__init__(correlation_id=correlation_id, http_status=429)
        self.retry_after = retry_after
        self.problem = problem


class XeroBudgetSpent(XeroRateLimited):
    """The call was not made, since the limit is reached or the rest is kept for people's clicks.

    ``kept`` tells these two apart; ``until`` is when to try again, ``ends`` when the limit's
    window is over at the latest.
    """

    code = "xero_budget_spent"
    sentence_by_default = "Xero's calls of the moment are used up. Try again in a minute."

    def __init__(self, *, problem: str, until: datetime, ends: datetime, kept: bool) -> None:
        super().__init__(retry_after=None, problem=problem)
        self.until = until
        self.ends = ends
        self.kept = kept


class XeroOutcomeUnknown(XeroCallError):
    """A write was sent and its answer is lost or no answer; it may have been done."""

    code = "xero_outcome_unknown"
    sentence_by_default = (
        "Xero did not confirm. It may have been done; look in Xero before repeating it."
    )


class XeroUnreadable(XeroCallError):
    """Xero answered with success and with something else than was asked for."""

    code = "xero_unreadable"
    sentence_by_default = "Xero's answer could not be read."


class XeroGrantIncomplete(XeroUnreadable):
    """A grant came without its refresh token, so that it would last half an hour only."""

    status = 409
    code = "xero_grant_incomplete"
    sentence_by_default = (
        "Xero gave no lasting permission (the refresh token is missing). Connect again, and "
        "allow access when Xero asks."
    )


class XeroRejected(XeroCallError):
    """Xero refused what was sent; ``messages`` are its own words and the places they concern."""

    status = 422
    code = "xero_rejected"
    sentence_by_default = "Xero refused what was sent."

    def __init__(
        self,
        messages: tuple[Message, ...],
        *,
        sentence: str | None = None,
        correlation_id: str | None = None,
        http_status: int | None = 400,
        body: str = "",
    ) -> None:
        super().__init__(
            sentence, correlation_id=correlation_id, http_status=http_status, body=body
        )
        self.messages = messages


class XeroIdempotencyMisuse(XeroRejected):
    """The idempotency key is over-long, or served another request within six minutes."""

    status = 502
    code = "xero_idempotency_misuse"
    sentence_by_default = "Xero remembers another request under the same key. Nothing was done."


class XeroNotFound(XeroCallError):
    """There is no such thing in this organisation."""

    status = 409
    code = "xero_not_found"
    sentence_by_default = (
        "Xero does not know this document. It may belong to another organisation."
    )


class XeroTokenExpired(XeroCallError):
    """The access token is older than its half hour."""

    status = 409
    code = "xero_token_expired"
    sentence_by_default = "The permission to reach Xero has to be renewed."


class XeroUnauthorised(XeroCallError):
    """Xero does not accept the access token, for another reason than its age."""

    status = 409
    code = "xero_unauthorised"
    sentence_by_default = "Xero does not accept the connection. Reconnect to Xero."


class XeroScopeMissing(XeroCallError):
    """The person who connected did not allow this kind of access."""

    status = 409
    code = "xero_scope_missing"
    sentence_by_default = "Permissions need updating. Reconnect to Xero and allow what it lists."


class XeroForbidden(XeroCallError):
    """The organisation is not open to this grant: disconnected, or the person's role changed."""

    status = 409
    code = "xero_forbidden"
    sentence_by_default = "Xero no longer lets us into this organisation."


class XeroCodeRefused(XeroCallError):
    """The code of a consent was used before, or is older than five minutes."""

    status = 409
    code = "xero_code_refused"
    sentence_by_default = "The permission from Xero came too late or twice. Connect again."


class GrantEnded(XeroCallError):
    """The refresh token is dead: unused for 60 days, revoked, or superseded beyond its grace."""

    status = 409
    code = "grant_ended"
    sentence_by_default = "The connection to Xero has ended. Reconnect to Xero."


class XeroMisconfigured(XeroCallError):
    """The call could not be formed or was refused for what the operator set; never sent twice."""

    status = 500
    code = "xero_misconfigured"
    sentence_by_default = "This deployment's settings for Xero cannot work. Tell its operator."


class XeroRefusedClient(XeroMisconfigured):
    """Xero does not accept the client id and secret, or what this app may ask for."""

    code = "xero_refused_client"
    sentence_by_default = (
        "Xero does not accept this deployment's client id and secret. Tell its operator."
    )
