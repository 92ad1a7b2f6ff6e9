"""Connecting: to Xero's consent and back, with a state that serves once and PKCE."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib import log, wiring
from chalicelib.audit import trail
from chalicelib.connection import (
    consents,
    disconnect,
    features,
    particulars,
    reach,
    resume,
    revoke,
    store,
    switch,
    tokens,
)
from chalicelib.connection.choose import choose
from chalicelib.connection.consents import Consent
from chalicelib.connection.model import Connection, ConnectionState, ConsentRefused
from chalicelib.dispatch import exchanges
from chalicelib.dispatch.meter import meter_of
from chalicelib.errors import WorkbillError, XeroError
from chalicelib.people.caller import Caller, Scope
from chalicelib.people.sessions import Session
from chalicelib.xero.errors import XeroOutcomeUnknown, XeroUnavailable, XeroUnreadable
from chalicelib.xero.grants import TokenSet, read_claims
from chalicelib.xero.scopes import missing, scopes
from chalicelib.xero.wire.connection import Connection as Link

STALE = "This permission was used already, is too old, or was begun elsewhere. Connect again."
CANCELLED = "Nothing was connected: access was not allowed in Xero."
UNCLEAR = "Xero did not give permission ({error}). Connect again."
TOO_LITTLE = "Xero allowed less than Workbill needs. Connect again and allow what it lists."
AWAY = "Nothing was connected: Xero could not be reached after it had asked you. Connect again."
REVOKING = "An earlier permission is just being ended in Xero. Connect again in a minute."


def begin(session: Session, caller: Caller, *, popup: bool = False) -> str:
    """The address of Xero's consent, for this person in this browser, within ten minutes.

    What the features that are switched on need is asked for, too; a consent without it connects.
    An organisation that waits to be confirmed waits no more: a new choice is made.
    Raises Conflict while a disconnect is not yet confirmed by Xero.
    """
    connection = store.get(caller.tenant_id)
    if connection.ending:
        disconnect.finish(connection)
    switch.close(caller)
    identity = reach.identity()
    verifier = identity.new_code_verifier()
    state = consents.begin(
        session.id_hash,
        user_id=session.user_id,
        tenant_id=caller.tenant_id,
        code_verifier=verifier,
        popup=popup,
    )
    return identity.authorise_url(
        state=state,
        code_verifier=verifier,
        redirect_uri=wiring.current().settings.redirect_uri,
        scope=scopes(features.extras(connection)),
    )


def recall(session: Session, query: Mapping[str, str]) -> Consent:
    """The consent that this answer of Xero's belongs to, which is spent by this.

    Raises ConsentRefused for a state that is wrong, used, older than ten minutes, or of another
    browser, user or tenant.
    """
    consent = consents.take(session.id_hash, query.get("state", ""))
    mine = (session.user_id, session.tenant_id)
    if consent is None or (consent.user_id, consent.tenant_id) != mine:
        raise ConsentRefused(STALE)
    return consent


def finish(consent: Consent, caller: Caller, query: Mapping[str, str]) -> Connection:
    """Connect the organisation that was allowed; each failure raises one sentence.

    Another one than before is not connected yet: it is answered as ``pending``, and waits until a
    person confirms the change (``switch.py``).

    The code is exchanged once, the tokens are stored before they are used, and a grant that
    led to no connection is let go.
    """
    caller.must_have(Scope.ADMIN)
    code = _code(query)
    with exchanges.keeping(caller.tenant_id, exchanges.CONSENT):
        return _finish(consent, caller, code)


def _finish(consent: Consent, caller: Caller, code: str) -> Connection:
    previous = store.get(caller.tenant_id)
    token_set = _exchanged(code, consent)
    try:
        made = _connect(token_set, caller, previous)
    except WorkbillError:
        _let_go(token_set.xero_user_id, caller.tenant_id)
        raise
    if made.state is ConnectionState.PENDING:
        return made
    if previous.xero_userid and previous.xero_userid != made.xero_userid:
        _let_go(previous.xero_userid, caller.tenant_id)
    resume.resume(made, again=bool(previous.organisation_id))
    trail.record(caller, "connect", made.organisation_name)
    return made


def _code(query: Mapping[str, str]) -> str:
    error = query.get("error")
    if error == "access_denied":
        raise ConsentRefused(CANCELLED)
    code = query.get("code")
    if error or not code:
        raise ConsentRefused(UNCLEAR.format(error=(error or "no code came back")[:60]))
    return code


def _exchanged(code: str, consent: Consent) -> TokenSet:
    try:
        token_set = reach.identity().exchange_code(
            code=code,
            code_verifier=consent.code_verifier,
            redirect_uri=wiring.current().settings.redirect_uri,
        )
    except (XeroOutcomeUnknown, XeroUnavailable):
        raise ConsentRefused(AWAY) from None
    if not token_set.xero_user_id:
        raise XeroUnreadable
    return token_set


def _connect(token_set: TokenSet, caller: Caller, previous: Connection) -> Connection:
    if tokens.store(token_set, caller.tenant_id) is None:
        raise ConsentRefused(REVOKING)
    if missing(token_set.scope):
        raise ConsentRefused(TOO_LITTLE)
    link = choose(reach.identity(), token_set, previous)
    chosen = _described(link, token_set, caller, previous)
    if previous.organisation_id not in {"", chosen.organisation_id}:
        return switch.propose(caller, chosen)
    return store.claim(chosen, previous)


def _described(
    link: Link, token_set: TokenSet, caller: Caller, previous: Connection
) -> Connection:
    """The connection with the organisation's own particulars, which proves that we are in."""
    now = wiring.current().clock.now()
    linked = replace(
        previous,
        state=ConnectionState.ACTIVE,
        organisation_id=link.organisation_id,
        connection_id=link.connection_id,
        organisation_name=link.name,
        xero_userid=token_set.xero_user_id,
        xero_user=_person(token_set),
        connected_by=caller.name,
        connected_at=now,
        scopes=tuple(sorted(token_set.scope)),
        acts={},
        acts_read_at=None,
        problem="",
        ending=False,
    )
    meter = meter_of(link.organisation_id, caller.tenant_id)
    books = reach.accounting(token_set.access_token, link.organisation_id, meter)
    return particulars.described(linked, books, now)


def _person(token_set: TokenSet) -> str:
    """Name and address of whoever signed in to Xero, as far as Xero says."""
    claims = read_claims(token_set.id_token) if token_set.id_token else {}
    return ", ".join(str(claims[name]) for name in ("name", "email") if claims.get(name))


def _let_go(xero_userid: str, tenant_id: str) -> None:
    """Give up a grant unless the tenant stands on it; Xero's faults are noted."""
    try:
        revoke.let_go(xero_userid, tenant_id)
    except XeroError as error:
        log.event("grant_not_revoked", tenant=tenant_id, said=str(error))
