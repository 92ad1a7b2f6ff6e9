"""Billing parts of a fixed price, so that all invoices together never bill more than it.

How much is on invoices is counted with the project, and with the phase where one is billed; the
count only moves together with the row that says how much an invoice holds. Undoing reads those
rows consistently, so it finds all that was drawn, even by a worker that died half-way.
"""

from collections.abc import Iterator
from decimal import Decimal

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from chalicelib.errors import Conflict
from chalicelib.storage.rows import Row, transaction_connection
from chalicelib.work import keys, phases, projects
from chalicelib.work.fixed_price import CENTS, Draw, Overdrawn, called, left
from chalicelib.work.model import Phase, Project
from chalicelib.work.store import PhaseRow, ProjectRow

DRAW = "draw#"
TRIES = 5


class DrawRow(Row):
    """How much of a fixed price an invoice holds; pk is tenant and invoice."""

    table = "invoices"

    class Meta:
        pass

    project_id = UnicodeAttribute()
    phase_id = UnicodeAttribute(default="")
    cents = NumberAttribute()


def draw(
    tenant_id: str, invoice_id: str, project_id: str, phase_id: str, amount: Decimal | None
) -> Draw:
    """Put an amount of a fixed price on an invoice, or with None all that is left of it.

    Drawing again for the same invoice and price changes nothing and answers with what it holds.
    Raises Overdrawn when less is left, and Conflict when the price is changed all the time.
    """
    for _ in range(TRIES):
        held = _held(tenant_id, invoice_id, project_id, phase_id)
        if held:
            return held
        project = projects.get(tenant_id, project_id)
        phase = phases.get(tenant_id, phase_id) if phase_id else None
        if not project.fixed:
            raise Conflict(f"{project.name} bills time and materials, not a fixed price.")
        remaining = left(project, phase)
        wanted = remaining if amount is None else amount
        if not 0 < wanted <= remaining:
            raise Overdrawn(called(project, phase), remaining, project.currency)
        new = Draw(project_id, phase_id, int(wanted * CENTS))
        if _put(tenant_id, invoice_id, new, project, phase):
            return new
    raise Conflict("The price is being changed or billed by others. Try again.")


def change_in(
    transaction: TransactWrite, tenant_id: str, invoice_id: str, held: Draw, cents: int
) -> None:
    """Add to a transaction that an invoice holds so many cents, instead of what it was read to.

    The transaction fails where too little is left.
    """
    project = projects.get(tenant_id, held.project_id)
    phase = phases.get(tenant_id, held.phase_id) if held.phase_id else None
    _count_in(transaction, tenant_id, project, phase, cents - held.cents)
    transaction.update(
        _row(tenant_id, invoice_id, held),
        actions=[DrawRow.cents.set(cents)],
        condition=DrawRow.cents == held.cents,
    )


def release(tenant_id: str, invoice_id: str, only: Draw | None = None) -> Decimal:
    """Give back what an invoice holds of fixed prices, or of one; answers how much that was.

    Safe to repeat, and to finish when it stopped half-way.
    """
    given = Decimal(0)
    for held in list(of_invoice(tenant_id, invoice_id)):
        if only is None or (held.project_id, held.phase_id) == (only.project_id, only.phase_id):
            given += held.amount if _give_back(tenant_id, invoice_id, held) else 0
    return given


def move(tenant_id: str, before: str, after: str) -> None:
    """Let another invoice hold what this one holds of fixed prices; safe to repeat."""
    for held in list(of_invoice(tenant_id, before)):
        with TransactWrite(connection=transaction_connection()) as transaction:
            transaction.delete(
                _row(tenant_id, before, held), condition=DrawRow.cents == held.cents
            )
            row = _row(tenant_id, after, held)
            row.cents = held.cents
            transaction.save(row, condition=DrawRow.pk.does_not_exist())


def of_invoice(tenant_id: str, invoice_id: str) -> Iterator[Draw]:
    """What an invoice holds of fixed prices; consistent."""
    rows = DrawRow.query(
        f"{tenant_id}#{invoice_id}", DrawRow.sk.startswith(DRAW), consistent_read=True
    )
    for row in rows:
        yield Draw(row.project_id, row.phase_id, int(row.cents))


def _held(tenant_id: str, invoice_id: str, project_id: str, phase_id: str) -> Draw | None:
    try:
        row = DrawRow.get(
            f"{tenant_id}#{invoice_id}", _sk(project_id, phase_id), consistent_read=True
        )
    except DoesNotExist:
        return None
    return Draw(project_id, phase_id, int(row.cents))


def _put(
    tenant_id: str, invoice_id: str, new: Draw, project: Project, phase: Phase | None
) -> bool:
    try:
        with TransactWrite(connection=transaction_connection()) as transaction:
            row = _row(tenant_id, invoice_id, new)
            row.cents = new.cents
            transaction.save(row, condition=DrawRow.pk.does_not_exist())
            _count_in(transaction, tenant_id, project, phase, new.cents)
    except TransactWriteError:
        return False
    return True


def _give_back(tenant_id: str, invoice_id: str, held: Draw) -> bool:
    """False when somebody else has given it back."""
    for attempt in range(TRIES):
        if _held(tenant_id, invoice_id, held.project_id, held.phase_id) is None:
            return False
        try:
            with TransactWrite(connection=transaction_connection()) as transaction:
                transaction.delete(
                    _row(tenant_id, invoice_id, held), condition=DrawRow.cents == held.cents
                )
                project = ProjectRow(tenant_id, keys.project_sk(held.project_id))
                transaction.update(project, [ProjectRow.drawn_cents.add(-held.cents)])
                if held.phase_id:
                    phase = PhaseRow(tenant_id, keys.phase_sk(held.phase_id))
                    transaction.update(phase, [PhaseRow.drawn_cents.add(-held.cents)])
        except TransactWriteError:
            if attempt == TRIES - 1:
                raise
        else:
            return True
    return False


def _count_in(
    transaction: TransactWrite,
    tenant_id: str,
    project: Project,
    phase: Phase | None,
    cents: int,
) -> None:
    """Count cents more, while the price is what was read and they are still left of it."""
    transaction.update(
        ProjectRow(tenant_id, keys.project_sk(project.project_id)),
        actions=[ProjectRow.drawn_cents.add(cents), ProjectRow.in_use.set(True)],
        condition=(ProjectRow.kind == project.kind.value)
        & _room(ProjectRow, project.price, cents),
    )
    if phase:
        transaction.update(
            PhaseRow(tenant_id, keys.phase_sk(phase.phase_id)),
            actions=[PhaseRow.drawn_cents.add(cents), PhaseRow.in_use.set(True)],
            condition=_room(PhaseRow, phase.price, cents),
        )


def _room(
    kind: type[ProjectRow] | type[PhaseRow], price: Decimal | None, cents: int
) -> Condition:
    if price is None:
        without: Condition = kind.price.does_not_exist()
        return without
    room: Condition = (kind.price == price) & (kind.drawn_cents <= int(price * CENTS) - cents)
    return room


def _row(tenant_id: str, invoice_id: str, one: Draw) -> DrawRow:
    row = DrawRow(f"{tenant_id}#{invoice_id}", _sk(one.project_id, one.phase_id))
    row.project_id, row.phase_id = one.project_id, one.phase_id
    return row


def _sk(project_id: str, phase_id: str) -> str:
    return f"{DRAW}{project_id}#{phase_id}"
