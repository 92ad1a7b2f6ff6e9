"""Clients of Xero as this deployment reaches it: its addresses, credentials and log."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from chalicelib import log, wiring
from chalicelib.connection.app import credentials
from chalicelib.dispatch import exchanges

if TYPE_CHECKING:
    from chalicelib.dispatch.meter import Meter
    from chalicelib.xero.accounting import Accounting
    from chalicelib.xero.call_record import CallRecord
    from chalicelib.xero.identity import Identity
    from chalicelib.xero.transport import Transport

IDENTITY_SECONDS = 8.0
"""Two tries of a refresh have to end before its lease and before API Gateway's 29 s."""


def identity() -> "Identity":
    """Xero's identity side, as seen by our app."""
    from chalicelib.xero.identity import Identity

    settings, app = wiring.current().settings, credentials()
    return Identity(
        login_url=settings.xero_login_url,
        tokens=_transport(settings.xero_identity_url, IDENTITY_SECONDS),
        api=_transport(settings.xero_api_url, IDENTITY_SECONDS),
        client_id=app.client_id,
        client_secret=app.client_secret,
    )


def accounting(access_token: str, organisation_id: str, meter: "Meter") -> "Accounting":
    """The books of one organisation, by one access token; ``meter`` counts every call."""
    from chalicelib.xero.accounting import Accounting
    from chalicelib.xero.retry import Patience

    return Accounting(
        _transport(wiring.current().settings.xero_api_url, meter=meter),
        access_token=access_token,
        organisation_id=organisation_id,
        patience=Patience(sleep=wiring.current().sleep),
    )


def _transport(
    address: str, read_seconds: float | None = None, *, meter: "Meter | None" = None
) -> "Transport":
    from chalicelib.xero.transport import READ_SECONDS, Transport, admitted

    def note(record: "CallRecord") -> None:
        _log(record)
        if meter:
            meter.note(record)
        else:
            exchanges.note(record)

    return Transport(
        address,
        session=wiring.current().http,
        admit=meter.admit if meter else admitted,
        on_call=note,
        read_seconds=read_seconds or READ_SECONDS,
        time_left=meter.time_left if meter else None,
    )


def _log(record: "CallRecord") -> None:
    log.event("xero_call", **asdict(record))
