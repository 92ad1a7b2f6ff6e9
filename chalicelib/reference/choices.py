"""What was chosen at each layer of the mapping, kept with the organisation it is for.

All of it shares one beginning of its keys, so that one request reads the whole mapping. Codes of
other books are never mixed in: after connecting to another organisation nothing is chosen yet,
and what was chosen before is there again when the tenant comes back to it.

The tenant's own row has a version, which grows with every change of any layer, and names the
batch that counts. A whole mapping is put in the place of another by storing its rows as a new
batch, and then naming it: one write, so that nobody ever reads some of both. The batch before it
stays until the next such change, for whoever is just reading it.
"""

from collections.abc import Iterable
from datetime import timedelta

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist, PutError, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from chalicelib import wiring
from chalicelib.errors import Conflict
from chalicelib.reference.layers import Chosen, Codes, Kind, Place
from chalicelib.reference.model import Mapping, Tracking
from chalicelib.reference.store import home
from chalicelib.storage.attributes import JSONAttribute
from chalicelib.storage.rows import Row, transaction_connection
from chalicelib.work.ids import made_at, new_id

MAPPING = "mapping"
TRIES = 5
IN_HAND = timedelta(hours=1)
"""How long a batch may be read after another took its place, or stored before it does."""
CHANGED = "Somebody else has just changed the mapping. Look again."


class MappingRow(Row):
    """What one layer says; the tenant's own row bears no kind and id in its key."""

    table = "reference"

    class Meta:
        pass

    account_code = UnicodeAttribute(default="")
    tax_type = UnicodeAttribute(default="")
    tracking = JSONAttribute(default=list)
    contact_tax = BooleanAttribute(default=False)
    contact_account = BooleanAttribute(default=False)
    version = NumberAttribute(default=0)
    batch = UnicodeAttribute(default="")
    former = UnicodeAttribute(default="")


def load(tenant_id: str) -> Chosen:
    """The whole mapping as last stored, by one request; consistent."""
    rows = list(
        MappingRow.query(home(tenant_id), MappingRow.sk.startswith(MAPPING), consistent_read=True)
    )
    tenant = next((row for row in rows if row.sk == MAPPING), None)
    batch = tenant.batch if tenant else ""
    own: dict[Place, Codes] = {}
    for row in rows:
        if row is not tenant and row.batch == batch:
            codes = _codes(row)
            if codes:
                own[_place(row)] = codes
    if tenant is None:
        return Chosen(own=own)
    return Chosen(_defaults(tenant), own, int(tenant.version))


def put_tenant(tenant_id: str, chosen: Mapping) -> None:
    """Store the tenant's defaults; raises Conflict when others keep changing the mapping."""
    for _ in range(TRIES):
        present = _tenant(tenant_id)
        row = _tenant_row(tenant_id, chosen, int(present.version) + 1, present.batch)
        row.former = present.former
        if _save(row, _unchanged(present)):
            return
    raise Conflict(CHANGED)


def put(tenant_id: str, place: Place, codes: Codes) -> None:
    """Store what a thing has of its own; nothing is stored as such, and counts as silent.

    Raises Conflict when others keep changing the mapping.
    """
    for _ in range(TRIES):
        present = _tenant(tenant_id)
        row = _own_row(tenant_id, place, codes, present.batch)
        try:
            with TransactWrite(connection=transaction_connection()) as transaction:
                transaction.save(_next(tenant_id, present), condition=_unchanged(present))
                transaction.save(row)
        except TransactWriteError:
            continue
        return
    raise Conflict(CHANGED)


def replace(tenant_id: str, wanted: Chosen, seen: int) -> None:
    """Put a whole mapping in the place of the one of the version that was seen.

    Nobody reads some of both, and a crash at any point leaves the one or the other. Raises
    Conflict when the mapping has changed since; then nothing is changed.
    """
    present = _tenant(tenant_id)
    if int(present.version) != seen:
        raise Conflict(CHANGED)
    batch = new_id()
    _sweep(tenant_id, present)
    with MappingRow.batch_write() as writer:
        for place, codes in wanted.own.items():
            writer.save(_own_row(tenant_id, place, codes, batch))
    row = _tenant_row(tenant_id, wanted.tenant, seen + 1, batch)
    row.former = present.batch
    if not _save(row, _unchanged(present)):
        raise Conflict(CHANGED)


def _sweep(tenant_id: str, present: MappingRow) -> None:
    """Remove what belongs to no mapping any more, unless it may still be read or stored."""
    long_ago = wiring.current().clock.now() - IN_HAND
    kept = {present.batch}
    if present.batch and made_at(present.batch) > long_ago:
        kept.add(present.former)
    rows: Iterable[MappingRow] = MappingRow.query(
        home(tenant_id), MappingRow.sk.startswith(f"{MAPPING}#"), consistent_read=True
    )
    with MappingRow.batch_write() as writer:
        for row in rows:
            if row.batch not in kept and (not row.batch or made_at(row.batch) < long_ago):
                writer.delete(row)


def _tenant(tenant_id: str) -> MappingRow:
    """The tenant's own row as stored, or as it is before anything was."""
    try:
        return MappingRow.get(home(tenant_id), MAPPING, consistent_read=True)
    except DoesNotExist:
        return MappingRow(home(tenant_id), MAPPING)


def _next(tenant_id: str, present: MappingRow) -> MappingRow:
    version = int(present.version) + 1
    row = _tenant_row(tenant_id, _defaults(present), version, present.batch)
    row.former = present.former
    return row


def _unchanged(present: MappingRow) -> Condition:
    """That nothing was stored since; rows from before there were versions have none."""
    if present.version:
        return MappingRow.version == present.version
    still: Condition = MappingRow.version.does_not_exist() | (MappingRow.version == 0)
    return still


def _save(row: MappingRow, condition: Condition) -> bool:
    try:
        row.save(condition=condition)
    except PutError as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            return False
        raise
    return True


def _tenant_row(tenant_id: str, chosen: Mapping, version: int, batch: str) -> MappingRow:
    return MappingRow(
        home(tenant_id),
        MAPPING,
        account_code=chosen.account_code,
        tax_type=chosen.tax_type,
        tracking=list(chosen.tracking),
        contact_tax=chosen.contact_tax,
        contact_account=chosen.contact_account,
        version=version,
        batch=batch,
    )


def _own_row(tenant_id: str, place: Place, codes: Codes, batch: str) -> MappingRow:
    return MappingRow(
        home(tenant_id),
        key(place, batch),
        account_code=codes.account_code,
        tax_type=codes.tax_type,
        tracking=list(codes.tracking),
        batch=batch,
    )


def key(place: Place, batch: str = "") -> str:
    """The sort key of what a thing has of its own, in one batch."""
    return f"{MAPPING}#{place.kind}#{place.thing_id}" + (f"#{batch}" if batch else "")


def _place(row: MappingRow) -> Place:
    _, kind, thing_id = row.sk.split("#")[:3]
    return Place(Kind(kind), thing_id)


def _codes(row: MappingRow) -> Codes:
    return Codes(row.account_code, row.tax_type, _tracking(row))


def _defaults(row: MappingRow) -> Mapping:
    return Mapping(
        row.account_code, row.tax_type, _tracking(row), row.contact_tax, row.contact_account
    )


def _tracking(row: MappingRow) -> tuple[Tracking, ...]:
    return tuple(Tracking(**entry) for entry in row.tracking)
