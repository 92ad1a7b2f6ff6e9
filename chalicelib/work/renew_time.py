"""Time that is sent again under an external id: what it says counts, until an invoice bills it.

What is sent again unchanged changes nothing, not even what a person has corrected here since: a
system that sends everything every night undoes nobody's work. What its sender has changed is
taken over while the record is on no invoice. A record on an invoice stays as it is, and the
sender is told.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from pynamodb.transactions import TransactWrite

from chalicelib.errors import Conflict
from chalicelib.storage.each import write_each
from chalicelib.work import queries, time_records
from chalicelib.work.model import TimeRecord
from chalicelib.work.outcome import Added, Outcome
from chalicelib.work.store import TimeRow
from chalicelib.work.time_records import KEPT, OnInvoice, still

JUST_CHANGED = "This time was just changed here. Send it again."


def renew(
    tenant_id: str, records: Sequence[TimeRecord], *, silent: Collection[str] = ()
) -> dict[str, Outcome[TimeRecord]]:
    """What became of each, by id; all were there already when they were to be added.

    ``silent`` are the ids of those whose sender did not say whether they are billable: that
    stays as it is here.
    """
    if not records:
        return {}
    stored = {one.record_id: one for one in time_records.by_ids(tenant_id, _ids(records))}
    outcomes = {
        one.record_id: _judge(one, stored.get(one.record_id), silent=one.record_id in silent)
        for one in records
    }

    def change(transaction: TransactWrite, after: TimeRecord) -> None:
        row = TimeRow.of(tenant_id, after)
        unchanged = still(stored[after.record_id])
        transaction.update(row, queries.replacement(row, KEPT), unchanged)

    changed = [o.made for o in outcomes.values() if o.state is Added.UPDATED]
    overtaken = write_each(changed, change)
    return outcomes | {one.record_id: _refused(JUST_CHANGED) for one in overtaken}


def _judge(new: TimeRecord, before: TimeRecord | None, *, silent: bool) -> Outcome[TimeRecord]:
    if before is None:
        return _refused(JUST_CHANGED)
    if before.sent == new.sent:
        return Outcome(Added.UNCHANGED, before)
    after = replace(
        new,
        invoice_id=before.invoice_id,
        billable=before.billable if silent else new.billable,
        version=before.version,
    )
    if replace(after, sent=before.sent) == before:
        return Outcome(Added.UNCHANGED, before)
    if before.invoice_id:
        return Outcome(Added.REFUSED, error=OnInvoice())
    return Outcome(Added.UPDATED, replace(after, version=before.version + 1))


def _refused(sentence: str) -> Outcome[TimeRecord]:
    return Outcome(Added.REFUSED, error=Conflict(sentence))


def _ids(records: Sequence[TimeRecord]) -> list[str]:
    return [record.record_id for record in records]
