"""What a rate card charges from which day on, and the work that is to follow it again."""

from chalicelib.console import rate_page
from chalicelib.console.rate_page import page
from chalicelib.console.rates import day_of
from chalicelib.console.routing import Page, Pages, Redirect, Visit
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.people.caller import Scope
from chalicelib.work.rates import open_work
from chalicelib.work.rates.model import RateKind
from chalicelib.work.rates.set_price import remove_price, set_price

pages = Pages(__name__)

HERE = "/rates/{rate_id}"


@pages.post(f"{HERE}/prices", scope=Scope.WRITE)
def charge(visit: Visit, rate_id: str) -> Page | Redirect:
    """Set what the card charges from a day on; work with prices of its own is offered below."""
    form = visit.form
    try:
        rate = set_price(
            visit.caller,
            rate_id,
            form.must("amount", "The price"),
            day_of(form.get("since")),
            form.get("currency"),
        )
    except (InvalidInput, Conflict) as error:
        return page(visit, rate_id, form.values(), error)
    count = len(rate_page.open_of(visit.tenant_id, rate))
    what = "material" if rate.kind is RateKind.MATERIAL else "task"
    some = f"1 {what} that names it has" if count == 1 else f"{count} {what}s that name it have"
    own = f" {some} a price of its own: see below." if count else ""
    return Redirect(f"/rates/{rate_id}", f"The price of {rate.name} is set.{own}")


@pages.post(f"{HERE}/prices/remove", scope=Scope.WRITE)
def take_away(visit: Visit, rate_id: str) -> Redirect:
    """Take a price away; the one before it holds on."""
    since, currency = day_of(visit.form.get("since")), visit.form.get("currency")
    rate = remove_price(visit.caller, rate_id, since, currency)
    return Redirect(f"/rates/{rate_id}", f"A price of {rate.name} is taken away.")


@pages.post(f"{HERE}/open-work", scope=Scope.WRITE)
def follow(visit: Visit, rate_id: str) -> Page | Redirect:
    """Let the ticked work follow the card again."""
    form = visit.form
    try:
        tasks, materials = open_work.follow(
            visit.caller, rate_id, form.all("task_ids"), form.all("material_ids")
        )
    except (InvalidInput, Conflict) as error:
        return page(visit, rate_id, {}, error)
    count, what = len(tasks) + len(materials), "material" if materials else "task"
    said = f"1 {what} follows" if count == 1 else f"{count} {what}s follow"
    return Redirect(f"/rates/{rate_id}", f"{said} this rate now.")
