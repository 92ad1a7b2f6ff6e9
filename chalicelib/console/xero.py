"""Settings → Integrations → Xero: connecting, how the connection is, and ending it."""

import msgspec
from chalice.app import Response

from chalicelib import log
from chalicelib.connection import consents, store
from chalicelib.connection.consents import Consent
from chalicelib.connection.model import Connection, ConnectionState
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.dispatch.model import JobState
from chalicelib.errors import WorkbillError
from chalicelib.people.caller import Scope
from chalicelib.people.sessions import demand_recent_factor

pages = Pages(__name__)

HERE = "/settings/xero"
UNKNOWN = "Something went wrong on our side. Connect again, or ask for help."


@pages.get(HERE)
def show(visit: Visit) -> Page:
    """The connection, or what connecting asks for; and what waits for a person's word."""
    from chalicelib.console.xero_page import values

    connection = store.get(visit.tenant_id)
    shown = {"state": _state(visit, connection), **values(visit, connection)}
    return Page("xero/page.html", shown)


@pages.get(f"{HERE}/state")
def state(visit: Visit) -> Response:
    """A word that changes when a way through Xero's consent has ended, well or not."""
    body = {"state": _state(visit, store.get(visit.tenant_id))}
    return Response(
        msgspec.json.encode(body).decode(), headers={"Content-Type": "application/json"}
    )


@pages.get("/xero/connect", scope=Scope.ADMIN)
def connect(visit: Visit) -> Redirect:
    """Off to Xero's consent, with a second factor given in the last ten minutes."""
    from chalicelib.connection import authorise

    demand_recent_factor(visit.session)
    assert visit.session is not None  # noqa: S101  for the type checker: a caller has a session
    popup = visit.query.get("popup") == "yes"
    return Redirect(authorise.begin(visit.session, visit.caller, popup=popup))


@pages.get("/xero/callback", scope=None)
def callback(visit: Visit) -> Redirect:
    """Back from Xero: always a redirect, so that the code leaves the address at once."""
    consent = None
    try:
        consent = _recall(visit)
        notice = _finish(visit, consent)
    except WorkbillError as error:
        _note(visit, error)
        notice = error.sentence
    except Exception as error:  # noqa: BLE001  the address holds a code: no page may be shown here
        log.event("connect_failed", error=type(error).__name__, said=str(error))
        notice = UNKNOWN
    return Redirect("/xero/done" if consent and consent.popup else HERE, notice)


@pages.get("/xero/done", scope=None)
def done(visit: Visit) -> Page:
    """The end of the pop-up, which closes itself; the notice stays for the page behind it.

    Only now does that page learn of it, when the browser certainly has the notice.
    """
    visit.cookies.clear()
    if visit.session:
        consents.ended(visit.session.id_hash)
    return Page("xero/done.html")


@pages.post(f"{HERE}/disconnect", scope=Scope.ADMIN)
def end(visit: Visit) -> Redirect:
    """Our access ends at once; Xero is told now, or as soon as it can be reached."""
    from chalicelib.connection import disconnect

    demand_recent_factor(visit.session)
    job = disconnect.start(visit.caller)
    if job.state is JobState.DONE:
        return Redirect(HERE, job.message)
    return Redirect(HERE, "Workbill has stopped using Xero. Xero is being told.")


@pages.post(f"{HERE}/check", scope=Scope.WRITE)
def check(visit: Visit) -> Redirect:
    """Ask the organisation for itself and for what its plan allows, in its turn."""
    from chalicelib.connection import particulars

    job = particulars.start(visit.caller)
    return Redirect(HERE, job.message or "The connection is checked as soon as Xero answers.")


def _recall(visit: Visit) -> Consent:
    from chalicelib.connection import authorise
    from chalicelib.connection.model import ConsentRefused

    if visit.session is None or visit.session.caller is None:
        raise ConsentRefused(authorise.STALE)
    return authorise.recall(visit.session, visit.query)


def _finish(visit: Visit, consent: Consent) -> str:
    from chalicelib.connection import authorise

    made = authorise.finish(consent, visit.caller, visit.query)
    if made.state is ConnectionState.PENDING:
        return ""
    return f"Connected to {made.organisation_name}."


def _note(visit: Visit, error: WorkbillError) -> None:
    log.event("connect_refused", error=error.code, said=error.sentence)
    if visit.session and visit.session.caller:
        from chalicelib.audit import trail

        trail.record(visit.session.caller, "connect", "xero", "refused", why=error.code)


def _state(visit: Visit, connection: Connection) -> str:
    answers = consents.answered(visit.session.id_hash) if visit.session else 0
    return f"{connection.state}-{connection.version}-{answers}"
