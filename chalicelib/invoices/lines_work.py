"""Which work is behind which line, where it is too much to be named in the line itself."""

from collections.abc import Iterable
from dataclasses import replace

from chalicelib.invoices.line import Line
from chalicelib.invoices.rows import LINE_WORK, LineWorkRow, lines_key

INLINE = 100
"""Up to so many records and materials, a line carries their ids."""

PER_ROW = 5000
"""Ids of at most 32 characters: well under DynamoDB's 400 KB."""


def keep(tenant_id: str, invoice_id: str, lines: Iterable[Line]) -> tuple[Line, ...]:
    """The lines as they are to be stored: with the ids of little work, those of much set aside.

    Safe to repeat: what an earlier attempt set aside is put right.
    """
    return tuple(_kept(tenant_id, invoice_id, line) for line in lines)


def set_aside(tenant_id: str, invoice_id: str, line: Line) -> None:
    """Keep the ids of a line's work for when the line is gone; safe to repeat."""
    if line.work and line.work.ids:
        forget(tenant_id, invoice_id, line.line_id)
        ids = line.work.ids
        for number, start in enumerate(range(0, len(ids), PER_ROW)):
            row = LineWorkRow(lines_key(tenant_id, invoice_id), _sk(line.line_id, number))
            row.ids = list(ids[start : start + PER_ROW])
            row.save()


def ids_of(tenant_id: str, invoice_id: str, line_id: str) -> list[str]:
    """The ids of the work behind a line that were set aside; consistent."""
    return [work_id for row in _rows(tenant_id, invoice_id, line_id) for work_id in row.ids]


def forget(tenant_id: str, invoice_id: str, line_id: str) -> None:
    """Drop what was set aside for a line; nothing when there is nothing."""
    for row in _rows(tenant_id, invoice_id, line_id):
        row.delete()


def copy(tenant_id: str, before: str, after: str, lines: Iterable[Line]) -> None:
    """Keep the ids of these lines' work beside another invoice too; safe to repeat."""
    for line in lines:
        if line.work and not line.work.ids:
            for row in _rows(tenant_id, before, line.line_id):
                same = LineWorkRow(lines_key(tenant_id, after), row.sk)
                same.ids = row.ids
                same.save()


def _kept(tenant_id: str, invoice_id: str, line: Line) -> Line:
    if line.work is None or len(line.work.ids) <= INLINE:
        return line
    set_aside(tenant_id, invoice_id, line)
    return replace(line, work=replace(line.work, record_ids=(), material_ids=()))


def _rows(tenant_id: str, invoice_id: str, line_id: str) -> list[LineWorkRow]:
    key, prefix = lines_key(tenant_id, invoice_id), f"{LINE_WORK}{line_id}#"
    return list(LineWorkRow.query(key, LineWorkRow.sk.startswith(prefix), consistent_read=True))


def _sk(line_id: str, number: int) -> str:
    return f"{LINE_WORK}{line_id}#{number:02d}"
