"""One call to Xero: what is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from requests.auth import AuthBase, HTTPBasicAuth
from requests.models import PreparedRequest

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
PDF = "application/pdf"


class Bearer(AuthBase):
    """Presents an access token.

    It is handed to ``requests`` as authentication rather than as a header, because a ``.netrc``
    of the machine would otherwise take the header's place.
    """

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Sign one request."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def __repr__(self) -> str:
        return "Bearer(…)"


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked of Xero.

    ``template`` is the path with names in place of ids, for logs and counts. ``writes`` says
    that repeating may do harm, and decides how a lost answer is named.
    """

    method: str
    path: str
    template: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = field(default=None, repr=False)
    auth: AuthBase | HTTPBasicAuth | None = field(default=None, repr=False)
    writes: bool = False
    timeout: float | None = None
