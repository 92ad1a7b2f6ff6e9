"""What is known of a tenant's link to an organisation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from chalicelib.errors import Conflict


class ConnectionState(StrEnum):
    """The life of a connection; only an active one reaches Xero."""

    NONE = "none"
    PENDING = "pending"
    ACTIVE = "active"
    NEEDS_RECONNECT = "needs_reconnect"
    DISCONNECTED = "disconnected"


@dataclass(frozen=True, slots=True)
class Connection:
    """A tenant's link to an organisation, the present one or the last there was.

    ``organisation_id`` is what a call names, ``connection_id`` what a disconnect takes.
    ``connected_by`` is our user, ``xero_user`` the person in Xero who allowed it.
    ``features`` are those of ``features.py`` that the tenant has switched on. ``acts`` are what
    Xero said that the plan and that person's role allow, by Xero's own names.
    ``problem`` is a sentence for people, empty when all is well. ``ending`` says that Xero has
    not confirmed the disconnect yet. ``version`` grows with each change of state.
    """

    tenant_id: str
    state: ConnectionState = ConnectionState.NONE
    organisation_id: str = ""
    connection_id: str = ""
    organisation_name: str = ""
    country: str = ""
    base_currency: str = ""
    short_code: str = ""
    xero_userid: str = ""
    xero_user: str = ""
    connected_by: str = ""
    connected_at: datetime | None = None
    scopes: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    acts: Mapping[str, bool] = field(default_factory=dict)
    acts_read_at: datetime | None = None
    last_success_at: datetime | None = None
    problem: str = ""
    ending: bool = False
    version: int = 0

    @property
    def live(self) -> bool:
        """Whether the organisation is ours, even if a person has to reconnect."""
        return self.state in {ConnectionState.ACTIVE, ConnectionState.NEEDS_RECONNECT}


@dataclass(frozen=True, slots=True)
class EarlierConnection:
    """A connection that was ended, for the history."""

    organisation_id: str
    organisation_name: str
    connected_by: str
    connected_at: datetime | None
    ended_at: datetime
    why: str


class ConsentRefused(Conflict):
    """The way through Xero's consent did not end in a connection; nothing was changed."""

    code = "consent_refused"


class OrganisationTaken(ConsentRefused):
    """The organisation is connected to another tenant, which is not named."""

    code = "organisation_taken"
