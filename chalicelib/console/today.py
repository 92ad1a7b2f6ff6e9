"""The day it is where the tenant is."""

from datetime import date

from chalicelib import wiring
from chalicelib.people import tenants
from chalicelib.people.time_zones import zone


def today(tenant_id: str) -> date:
    """The tenant's day."""
    there = zone(tenants.get(tenant_id).time_zone)
    return wiring.current().clock.now().astimezone(there).date()
