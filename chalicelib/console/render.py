"""Drawing pages: templates, what each of them can use, and how values read to people."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib import wiring
from chalicelib.console import assets
from chalicelib.money import Money
from chalicelib.people import tenants, time_zones
from chalicelib.people.model import Tenant

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.runtime import Context
    from markupsafe import Markup

    from chalicelib.connection.model import Connection
    from chalicelib.console.routing import Page, Visit

TEMPLATES = Path(__file__).parent / "templates"
KILO = 1000
NOTHING = "\N{EN DASH}"


def render(page: "Page", visit: "Visit") -> str:
    """The page as HTML; every value in it is escaped."""
    return _environment().get_template(page.template).render(**_common(visit), **page.values)


def _common(visit: "Visit") -> Mapping[str, Any]:
    """What every template has, whoever is asking."""
    caller = visit.session.caller if visit.session else None
    tenant = tenants.get(caller.tenant_id) if caller else None
    return {
        "visit": visit,
        "caller": caller,
        "tenant": tenant,
        "connection": _connection(tenant),
        "support_url": wiring.current().settings.support_url,
        "csrf_field": lambda: _csrf_field(visit.csrf),
        "url": _url,
    }


def _connection(tenant: Tenant | None) -> "Connection | None":
    from chalicelib.connection import store

    return store.get(tenant.tenant_id) if tenant else None


def _csrf_field(csrf: str) -> "Markup":
    from markupsafe import Markup

    return Markup('<input type="hidden" name="csrf" value="{}">').format(csrf)


def _url(path: str) -> str:
    """The full address of a page of ours; paths alone would lose the stage of the API."""
    return wiring.current().settings.public_base_url + path


def _static(name: str) -> str:
    return _url(assets.path(name))


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        {
            "money": money,
            "date": day,
            "moment": pass_context(moment),
            "hours": hours,
            "bytes": size,
        }
    )
    environment.globals["static"] = _static
    return environment


def money(value: Money | Decimal | None, currency: str = "") -> str:
    """1,234.50 NZD; a decimal takes its currency beside it."""
    if value is None:
        return NOTHING
    if isinstance(value, Money):
        return str(value)
    return f"{value:,.2f} {currency}".strip()


def day(value: date | None) -> str:
    """23 Nov 2026."""
    return f"{value.day} {value:%b %Y}" if value else NOTHING


def hours(minutes: int) -> str:
    """Minutes of work as hours and minutes, 7:30."""
    return f"{minutes // 60}:{minutes % 60:02d}"


def size(count: int) -> str:
    """1.2 MB; a kilobyte has 1,000 bytes."""
    value, unit = Decimal(count), "B"
    for larger in ("kB", "MB", "GB"):
        if value >= KILO:
            value, unit = value / KILO, larger
    return f"{count} B" if unit == "B" else f"{value:.1f} {unit}"


def moment(context: "Context", value: datetime | None) -> str:
    """23 Nov 2026, 14:05 on the tenant's clock."""
    if value is None:
        return NOTHING
    tenant: Tenant | None = context["tenant"]
    there = value.astimezone(time_zones.zone(tenant.time_zone if tenant else "UTC"))
    return f"{day(there)}, {there:%H:%M}"
