"""A change of an invoice that Xero has: proposed, held against Xero, approved, and written once.

It is kept beside its invoice from the moment somebody proposes it until Xero has it, or until it
is dropped; an invoice has one at a time.
"""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import DoesNotExist, PutError
from pynamodb.transactions import TransactWrite

from chalicelib.errors import Conflict, InvalidInput
from chalicelib.invoices import payload, revised, store
from chalicelib.invoices.calls import KEY_REMEMBERED, UNDER_WAY
from chalicelib.invoices.model import Invoice, Problem
from chalicelib.invoices.revised import HEADER, Face
from chalicelib.invoices.rows import lines_key
from chalicelib.storage.rows import Row
from chalicelib.xero.formats import write_json

REVISION = "revision"
LONGEST = 90_000
"""Characters of one change: at four bytes each still inside DynamoDB's 400 KB."""

NONE = "There is no change of this invoice that waits to be written to Xero."


class RevisionState(StrEnum):
    """Where a change stands; once Xero has it, it is gone.

    ``proposed`` is before Xero was looked at, ``shown`` after. ``writing`` is approved, and may
    be in Xero already. ``refused`` was not written, for reasons that it bears.
    """

    PROPOSED = "proposed"
    SHOWN = "shown"
    WRITING = "writing"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Theirs:
    """What Xero said when last looked at; ``money`` says that a payment or credit is on it.

    ``stays`` is what no change from here can write, each to compare and to show.
    """

    face: Face
    status: str
    money: bool
    keys: dict[str, str]
    stays: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Revision:
    """A proposed change of one invoice.

    ``sent`` is the invoice as it was when the change was proposed, ``wanted`` as it would become.
    With ``overwrite`` it also writes over what somebody changed in Xero; with ``release`` the
    work of lines that go is unbilled again. ``key`` is there from just before the call until its
    outcome is known; the four after it are as in a ``Call``.
    """

    invoice_id: str
    sent: Invoice
    wanted: Invoice
    asked_by: str
    asked_at: datetime
    release: bool = True
    overwrite: bool = False
    state: RevisionState = RevisionState.PROPOSED
    theirs: Theirs | None = None
    problems: tuple[Problem, ...] = ()
    key: str = ""
    key_used_at: datetime | None = None
    last_tried_at: datetime | None = None
    tries: int = 0
    remembered: bool = False
    version: int = 0

    @property
    def under_way(self) -> bool:
        """Whether Xero may have it, or soon will."""
        return bool(self.key)

    @property
    def quiet_at(self) -> datetime:
        """From when on no attempt can still be on its way to Xero."""
        return (self.last_tried_at or self.asked_at) + UNDER_WAY

    def same_key_may_serve(self, now: datetime) -> bool:
        """Whether Xero still remembers the key, and no error under it."""
        fresh = self.key_used_at is not None and now - self.key_used_at < KEY_REMEMBERED
        return fresh and not self.remembered

    @property
    def faces(self) -> tuple[Face, Face]:
        """The invoice as sent and as wanted, once Xero was looked at."""
        if self.theirs is None:
            raise Conflict("Xero has not been looked at yet.")
        keys = self.theirs.keys
        return revised.of_ours(self.sent, keys), revised.of_ours(self.wanted, keys)


class RevisionRow(Row):
    """A change that is not in Xero yet; pk is tenant and invoice."""

    table = "invoices"

    class Meta:
        pass

    version = NumberAttribute()
    text = UnicodeAttribute()


def written(revision: Revision) -> list[str]:
    """The names of the fields that would be written: what is changed here.

    Of the lines all or none, since Xero takes them whole. With ``overwrite`` also whatever Xero
    has otherwise.
    """
    if revision.theirs is None:
        return []
    sent, wanted = revision.faces
    other = revised.differing(revision.theirs.face, wanted)
    changed = set(revised.differing(sent, wanted))
    if revision.overwrite:
        return [name for name in other if name != revised.ORDER or name in changed]
    lines = any(revised.is_line(name) for name in changed)
    return [name for name in other if (lines if revised.is_line(name) else name in changed)]


def changed_there(revision: Revision) -> list[str]:
    """What somebody changed in Xero since it was sent, and this change would write over.

    The order of lines is no change: Xero itself puts new ones before the others.
    """
    if revision.theirs is None:
        return []
    sent, _ = revision.faces
    names = written(revision)
    lines = any(revised.is_line(name) for name in names)
    return [
        name
        for name in revised.differing(sent, revision.theirs.face)
        if name != revised.ORDER and (lines if revised.is_line(name) else name in names)
    ]


def body(revision: Revision, xero_id: str) -> bytes:
    """The body of the call: the fields that differ, and lines with Xero's own ids of them.

    A line that is left out is deleted in Xero, and one without its id is made anew.
    """
    names = written(revision)
    whole = payload.document(revision.wanted)
    titles = dict(zip(HEADER, ("Reference", "Date", "DueDate", "LineAmountTypes"), strict=True))
    tree: dict[str, Any] = {"InvoiceID": xero_id}
    tree |= {titles[name]: whole.get(titles[name], "") for name in HEADER if name in names}
    if any(revised.is_line(name) for name in names) and revision.theirs:
        keys = revision.theirs.keys
        there = {line.key for line in revision.theirs.face.lines}
        items = zip(revision.wanted.lines, whole["LineItems"], strict=True)
        tree["LineItems"] = [
            {"LineItemID": key, **item} if (key := keys.get(line.line_id, "")) in there else item
            for line, item in items
        ]
    return write_json(tree)


def approval(revision: Revision, xero_id: str) -> str:
    """The hash of what would be written and of what Xero has; empty before it was looked at."""
    if revision.theirs is None:
        return ""
    seen = msgspec.json.encode([revision.theirs.status, revision.theirs.face.flat()])
    return hashlib.sha256(body(revision, xero_id) + b"\n" + seen).hexdigest()


def find(tenant_id: str, invoice_id: str) -> Revision | None:
    """The change of an invoice that is not in Xero yet; None for none."""
    try:
        row = RevisionRow.get(lines_key(tenant_id, invoice_id), REVISION, consistent_read=True)
    except DoesNotExist:
        return None
    found: Revision = msgspec.json.decode(row.text, type=Revision)
    return replace(found, version=int(row.version))


def get(tenant_id: str, invoice_id: str) -> Revision:
    """The same; raises NotFound where there is no such invoice, and Conflict for none."""
    found = find(tenant_id, invoice_id)
    if found is None:
        store.get(tenant_id, invoice_id)
        raise Conflict(NONE)
    return found


def save(tenant_id: str, revision: Revision) -> Revision:
    """Store a change as it now stands; raises Conflict when it is no longer what was read."""
    stored, row = _next(tenant_id, revision)
    try:
        row.save(condition=_as_read(revision))
    except PutError as error:
        if error.cause_response_code == store.REFUSED:
            raise Conflict(store.CHANGED) from None
        raise
    return stored


def save_in(transaction: TransactWrite, tenant_id: str, revision: Revision) -> Revision:
    """Add the same to a transaction, which fails where ``save`` raises."""
    stored, row = _next(tenant_id, revision)
    transaction.save(row, condition=_as_read(revision))
    return stored


def forget_in(transaction: TransactWrite, tenant_id: str, revision: Revision) -> None:
    """Add to a transaction that the change is over."""
    row = RevisionRow(lines_key(tenant_id, revision.invoice_id), REVISION)
    transaction.delete(row, condition=RevisionRow.version == revision.version)


def _next(tenant_id: str, revision: Revision) -> tuple[Revision, RevisionRow]:
    stored = replace(revision, version=revision.version + 1)
    text = msgspec.json.encode(stored).decode()
    if len(text) > LONGEST:
        raise InvalidInput(
            "This invoice is too long to be changed in Xero from here. Credit it and send a "
            "fresh one, or change it in Xero.",
            field="lines",
        )
    row = RevisionRow(lines_key(tenant_id, revision.invoice_id), REVISION)
    row.version, row.text = stored.version, text
    return stored, row


def _as_read(revision: Revision) -> Any:
    if not revision.version:
        return RevisionRow.pk.does_not_exist()
    return RevisionRow.version == revision.version
