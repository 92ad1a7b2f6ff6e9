"""How an organisation is set up, changed by order."""

from flask import Response

from local.xero.control.blueprint import OrderError, blueprint, body, done, needed, read_day
from local.xero.control.books import books
from local.xero.present import locked

HERE = "/organisations/<tenant_id>"


@blueprint.post(f"{HERE}/accounts/<code>/<any(archive,restore,delete):act>")
@locked
def act_on_account(tenant_id: str, code: str, act: str) -> Response:
    getattr(books(tenant_id), f"{act}_account")(code)
    return done()


@blueprint.post(f"{HERE}/accounts/<code>/renumber")
@locked
def renumber_account(tenant_id: str, code: str) -> Response:
    """``code`` is the new one."""
    books(tenant_id).renumber_account(code, needed("code"))
    return done()


@blueprint.post(f"{HERE}/accounts/<code>/retype")
@locked
def retype_account(tenant_id: str, code: str) -> Response:
    """``type`` is one of Xero's types of account."""
    books(tenant_id).retype_account(code, needed("type"))
    return done()


@blueprint.post(f"{HERE}/tax-rates/<tax_type>")
@locked
def change_tax_rate(tenant_id: str, tax_type: str) -> Response:
    """``status``, and ``revenue``: whether lines of revenue accounts may bear it."""
    order, here = body(), books(tenant_id)
    if order.keys() - {"status", "revenue"}:
        raise OrderError("A tax rate knows status and revenue.")
    if "status" in order:
        here.set_tax_rate_status(tax_type, str(order["status"]))
    if "revenue" in order:
        here.apply_tax_rate(tax_type, to_revenue=bool(order["revenue"]))
    return done()


@blueprint.delete(f"{HERE}/tax-rates/<tax_type>")
@locked
def remove_tax_rate(tenant_id: str, tax_type: str) -> Response:
    """It is no longer listed at all."""
    books(tenant_id).remove_tax_rate(tax_type)
    return done()


@blueprint.post(f"{HERE}/tracking")
@locked
def change_tracking(tenant_id: str) -> Response:
    """``status`` of the ``category`` of that name, or of one ``option`` of it."""
    here, category, status = books(tenant_id), needed("category"), needed("status")
    option = body().get("option")
    if option:
        here.set_option_status(category, str(option), status)
    else:
        here.set_category_status(category, status)
    return done()


@blueprint.post(f"{HERE}/currencies/<code>")
@locked
def subscribe(tenant_id: str, code: str) -> Response:
    books(tenant_id).subscribe_currency(code.upper(), str(body().get("description", code)))
    return done()


@blueprint.delete(f"{HERE}/currencies/<code>")
@locked
def unsubscribe(tenant_id: str, code: str) -> Response:
    books(tenant_id).unsubscribe_currency(code.upper())
    return done()


@blueprint.post(f"{HERE}/lock-dates")
@locked
def lock_dates(tenant_id: str) -> Response:
    """``period`` and ``year_end``, each YYYY-MM-DD or null for none."""
    order = body()
    days = read_day(order.get("period")), read_day(order.get("year_end"))
    books(tenant_id).set_lock_dates(*days)
    return done()


@blueprint.post(f"{HERE}/plan")
@locked
def plan(tenant_id: str) -> Response:
    """``approvals_a_month``: how many sales invoices may be approved in one; null for any."""
    most = body().get("approvals_a_month")
    if not (most is None or isinstance(most, int)):
        raise OrderError("Say approvals_a_month, a whole number or null.")
    books(tenant_id).set_approvals(most)
    return done()


@blueprint.post(f"{HERE}/pays-tax")
@locked
def pays_tax(tenant_id: str) -> Response:
    """``registered``: whether the organisation is registered for tax."""
    order = body()
    if not isinstance(order.get("registered"), bool):
        raise OrderError("Say registered, true or false.")
    books(tenant_id).set_pays_tax(registered=order["registered"])
    return done()
