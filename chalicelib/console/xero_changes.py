"""What is changed on the page of the connection without a consent.

It is another organisation, features, and what is done once an invoice is sent.
"""

from chalicelib.connection import features, store, switch
from chalicelib.connection.features import Feature, Standing
from chalicelib.console.routing import Pages, Redirect, Visit
from chalicelib.errors import InvalidInput
from chalicelib.people.caller import Scope
from chalicelib.people.sessions import demand_recent_factor

pages = Pages(__name__)

HERE = "/settings/xero"


@pages.post(f"{HERE}/change/organisation", scope=Scope.ADMIN)
def change_organisation(visit: Visit) -> Redirect:
    """Go over to the organisation that the page asked about."""
    demand_recent_factor(visit.session)
    made = switch.confirm(visit.caller, visit.form.get("organisation_id"))
    return Redirect(HERE, f"Connected to {made.organisation_name}. Import its clients and codes.")


@pages.post(f"{HERE}/change/keep", scope=Scope.ADMIN)
def keep_organisation(visit: Visit) -> Redirect:
    """Stay with the organisation there is."""
    switch.decline(visit.caller)
    return Redirect(HERE, "Nothing was changed.")


@pages.post(f"{HERE}/change/features", scope=Scope.ADMIN)
def change_feature(visit: Visit) -> Redirect:
    """Switch a feature on or off; its permission is asked for at the next consent."""
    demand_recent_factor(visit.session)
    try:
        feature = Feature(visit.form.get("feature"))
    except ValueError:
        raise InvalidInput("There is no such feature.", field="feature") from None
    connection = features.switch(visit.caller, feature, on=visit.form.get("on") == "yes")
    words = {
        Standing.ON: "is switched on.",
        Standing.NEEDS_PERMISSION: "is switched on. Xero has to be asked for its permission.",
        Standing.OFF: "is switched off.",
    }
    said = words[features.standing(connection, feature)]
    return Redirect(HERE, f"“{features.NAMES[feature]}” {said}")


@pages.post(f"{HERE}/change/after-sending", scope=Scope.ADMIN)
def change_after_sending(visit: Visit) -> Redirect:
    """Choose what is done in Xero once an invoice is sent."""
    from chalicelib.invoices import after_sending

    demand_recent_factor(visit.session)
    form = visit.form
    after_sending.choose(
        visit.caller,
        history_note=form.get("history_note") == "yes",
        timesheet=form.get("timesheet"),
        timesheet_online=form.get("timesheet_online") == "yes",
        email_by="xero" if form.get("email_by") == "xero" else "nobody",
    )
    needed = features.standing(store.get(visit.tenant_id), Feature.ATTACH_TIMESHEETS)
    said = "What is done after sending is saved."
    if form.get("timesheet") != "none" and needed is Standing.NEEDS_PERMISSION:
        said += " Xero has to be asked for its permission to attach timesheets."
    return Redirect(HERE, said)
