"""How events and endpoints are stored."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.storage.attributes import JSONAttribute
from chalicelib.storage.rows import Row

UNTOLD = "untold#"
TOLD = "told#"
COUNTER = "event-counter"
ENDPOINT = "endpoint#"


class OutboxRow(Row):
    """What happened and has no number yet; stored in the transaction of the change itself."""

    table = "invoices"

    class Meta:
        pass

    at = UnicodeAttribute()
    happenings = JSONAttribute()


class ToldRow(Row):
    """That something was put into the outbox once already."""

    table = "invoices"

    class Meta:
        pass


class CounterRow(Row):
    """The number of a tenant's last event."""

    table = "invoices"

    class Meta:
        pass

    number = NumberAttribute()


class EventRow(Row):
    """An event; its key orders it by number."""

    table = "invoices"

    class Meta:
        pass

    event_id = UnicodeAttribute()
    kind = UnicodeAttribute()
    at = UnicodeAttribute()
    data = JSONAttribute()


class EndpointRow(Row):
    """An endpoint of a tenant's."""

    table = "tenants"

    class Meta:
        pass

    name = UnicodeAttribute()
    url = UnicodeAttribute()
    created_at = UnicodeAttribute()
    kinds = JSONAttribute(default=list)
    state = UnicodeAttribute()
    cursor = NumberAttribute(default=0)
    turn = NumberAttribute(default=0)
    secrets = JSONAttribute()
    failures = NumberAttribute(default=0)
    failing_since = UnicodeAttribute(null=True)
    next_at = UnicodeAttribute(null=True)
    outcome = UnicodeAttribute(default="")
    outcome_at = UnicodeAttribute(null=True)


def log_key(tenant_id: str) -> str:
    """The partition of a tenant's log."""
    return f"events#{tenant_id}"


def order(number: int) -> str:
    """The key of an event, so that they sort by number."""
    return f"{number:012d}"
