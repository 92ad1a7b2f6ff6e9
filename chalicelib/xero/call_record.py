"""What is kept of a call to Xero; apart from the call, so that it loads no HTTP library."""

from dataclasses import dataclass

from chalicelib.xero.limits import Limits


@dataclass(frozen=True, slots=True)
class CallRecord:
    """What is known of a call afterwards, with no secret and no content in it.

    ``status`` is None when no answer came; ``failure`` is the code of the error that was raised;
    bytes are those on the wire, compressed as they were, without headers. ``refused_by`` is the
    limit that the call met, and ``retry_after`` the seconds to wait, where Xero named them.
    """

    method: str
    path: str
    status: int | None
    milliseconds: int
    bytes_out: int
    bytes_in: int
    correlation_id: str | None
    limits: Limits
    failure: str | None
    organisation_id: str | None
    refused_by: str | None = None
    retry_after: int | None = None
