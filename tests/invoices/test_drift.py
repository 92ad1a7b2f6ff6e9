"""What somebody changes in Xero is told field by field, no more and no less, and settled."""

import copy
import dataclasses
import os
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from chalicelib.audit import trail
from chalicelib.dispatch.model import JobState
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.invoices import (
    accept,
    drift,
    drift_store,
    let_be,
    revise,
    revision,
    send,
    store,
    sync,
    take_over,
    void,
)
from chalicelib.invoices.line import Part, Work
from chalicelib.reference.contacts.model import Known
from chalicelib.reference.contacts.store import Contacts
from chalicelib.work import clients
from chalicelib.xero.wire.invoice import Invoice as XeroInvoice
from tests.invoices.fault_lab import TENANT, line

HEAD = {
    "InvoiceNumber": "number",
    "Reference": "reference",
    "Date": "date",
    "DueDate": "due_date",
    "LineAmountTypes": "line_amount_types",
    "SubTotal": "sub_total",
    "TotalTax": "total_tax",
    "Total": "total",
}
LINE = {
    "Description": "description",
    "Quantity": "quantity",
    "UnitAmount": "unit_price",
    "AccountCode": "account",
    "TaxType": "tax_type",
    "LineAmount": "amount",
    "TaxAmount": "tax",
}
KEPT = ("LineItemID", *LINE, "DiscountRate", "Tracking")
WORKED_OUT = ("LineAmount", "TaxAmount")
EDITS = st.sampled_from(
    [
        ("Reference", "Another"),
        ("InvoiceNumber", "MINE-1"),
        ("DueDate", timedelta(days=9)),
        ("Date", timedelta(days=-1)),
        ("LineAmountTypes", "Inclusive"),
        ("LineAmountTypes", "NoTax"),
        ("Description", "Other work"),
        ("Quantity", Decimal("2.5")),
        ("UnitAmount", Decimal("7.7777")),
        ("AccountCode", "260"),
        ("TaxType", "ZERORATED"),
        ("TaxAmount", Decimal("0.01")),
        ("DiscountRate", Decimal(10)),
        ("insert", "Travel"),
        ("remove", ""),
    ]
)


def sent(lab, *invoices):
    """So many drafts sent at once, each of three lines, two of them alike."""
    made = invoices or [lab.draft(line(2506), line(999, "3"), line(2506)) for _ in range(3)]
    send.start(lab.caller, [one.invoice_id for one in made])
    lab.drain()
    return [lab.documents(one.invoice_id)[0] for one in made], made


def look(lab):
    """A look at all that changed; the watermark's overlap is passed first."""
    lab.let_pass(400)
    assert sync.start(lab.caller).state is JobState.DONE


def edit(lab, document, edits):
    """What a person does in Xero's form, which sends every line with its id."""
    for name, value in edits:
        facts = {}
        lines = [{k: item[k] for k in KEPT if k in item} for item in document["LineItems"]]
        for item in lines:
            # Xero works tax out anew unless somebody sets it.
            del item["LineAmount"], item["TaxAmount"]
        if name == "insert":
            new = {"Description": value, "Quantity": Decimal(1), "UnitAmount": Decimal(5)}
            facts["LineItems"] = [*lines, {**new, "AccountCode": "200"}]
        elif name == "remove":
            facts["LineItems"] = lines[:-1] or lines
        elif name in LINE or name == "DiscountRate":
            lines[0][name] = value
            facts["LineItems"] = lines
        else:
            facts[name] = document[name] + value if isinstance(value, timedelta) else value
        lab.ledger.edit(document["InvoiceID"], **facts)


def expected(before, after):
    """Which fields differ between two states of Xero's document, by Xero's own ids of lines."""
    found = {ours for theirs, ours in HEAD.items() if before.get(theirs) != after.get(theirs)}
    old = {item["LineItemID"]: item for item in before["LineItems"]}
    new = {item["LineItemID"]: item for item in after["LineItems"]}
    taxed = "NoTax" not in {before["LineAmountTypes"], after["LineAmountTypes"]}
    for place, (key, item) in enumerate(new.items()):
        if key not in old:
            found.add(f"lines[{place}]")
            continue
        names = [n for n in LINE if n != "TaxType" or taxed]
        found |= {f"lines[{place}].{LINE[n]}" for n in names if old[key].get(n) != item.get(n)}
        if old[key].get("DiscountRate") != item.get("DiscountRate"):
            found.add(f"lines[{place}].discount")
        if not taxed and before["LineAmountTypes"] != after["LineAmountTypes"]:
            found.add(f"lines[{place}].tax_type")
    return found, len(set(old) - set(new))


def told(invoice_id):
    return drift_store.of_invoice(TENANT, store.get(TENANT, invoice_id))


@settings(
    max_examples=int(os.environ.get("DRIFT_EXAMPLES", "6")),
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(st.lists(EDITS, min_size=1, max_size=3, unique_by=lambda one: one[0]), st.integers(0, 2))
def test_exactly_what_was_edited_is_told_and_gone_once_accepted(laboratory, edits, which):
    laboratory.begin_anew()
    documents, made = sent(laboratory)
    document, invoice = documents[which], made[which]
    before = copy.deepcopy(document)

    edit(laboratory, document, edits)
    look(laboratory)

    found = told(invoice.invoice_id)
    fields, removed = expected(before, document)
    whole = [one for one in found if one.name == "line" and not one.theirs]
    assert len(whole) == removed
    assert {one.field for one in found if one not in whole} == fields
    listed = [one.invoice_id for one in drift_store.listing(TENANT, limit=50)]
    assert listed == ([invoice.invoice_id] if found else [])

    if found:
        seen = store.get(TENANT, invoice.invoice_id).drift.seen
        job = accept.start(laboratory.caller, invoice.invoice_id, seen)
        assert job.state is JobState.DONE, job.message
    look(laboratory)
    sync.start(laboratory.caller, invoice.invoice_id)

    after = store.get(TENANT, invoice.invoice_id)
    assert after.drift is None
    assert after.difference is None
    assert drift_store.listing(TENANT, limit=50).items == []


def changed(lab, **facts):
    """One invoice, sent and then edited in Xero."""
    (document, *_), (invoice, *_) = sent(lab)
    lab.ledger.edit(document["InvoiceID"], **facts)
    look(lab)
    return document, store.get(TENANT, invoice.invoice_id)


def test_a_look_brings_it_at_no_further_call(books):
    (document, *_), _ = sent(books)
    look(books)
    books.ledger.edit(document["InvoiceID"], Reference="Theirs")
    asked = books.xero.world.calls
    before = len(asked.listed())

    sync.start(books.caller)

    assert [one["method"] for one in asked.listed()[before:]] == ["GET"]
    assert len(drift_store.listing(TENANT, limit=50).items) == 1


def test_three_sides_tell_who_changed_it(books):
    document, invoice = changed(books, Reference="First")
    accept.start(books.caller, invoice.invoice_id, invoice.drift.seen)
    books.ledger.edit(document["InvoiceID"], Reference="Second")
    look(books)

    (one,) = told(invoice.invoice_id)

    assert (one.sent, one.here, one.theirs) == ("", "First", "Second")


def test_what_changed_since_it_was_seen_is_not_accepted(books):
    document, invoice = changed(books, Reference="Seen")
    books.ledger.edit(document["InvoiceID"], Reference="Not seen")

    job = accept.start(books.caller, invoice.invoice_id, invoice.drift.seen)

    assert (job.state, job.message) == (JobState.FAILED, accept.OTHERS)
    assert store.get(TENANT, invoice.invoice_id).reference == ""
    with pytest.raises(Conflict):
        accept.start(books.caller, invoice.invoice_id, invoice.drift.seen)


def test_ignored_until_it_is_another_difference(books):
    document, invoice = changed(books, Reference="Theirs")
    let_be.let_be(books.caller, invoice.invoice_id, invoice.drift.seen, "Their own order number")
    sync.start(books.caller, invoice.invoice_id)
    assert not store.get(TENANT, invoice.invoice_id).drift.open
    assert drift_store.listing(TENANT, limit=50).items == []
    assert len(drift_store.listing(TENANT, limit=50, ignored=True).items) == 1

    books.ledger.edit(document["InvoiceID"], Reference="Something else")
    look(books)

    assert store.get(TENANT, invoice.invoice_id).drift.open


def test_a_reason_is_needed_and_kept(books):
    _, invoice = changed(books, Reference="Theirs")
    with pytest.raises(InvalidInput):
        let_be.let_be(books.caller, invoice.invoice_id, invoice.drift.seen, "  ")

    let_be.let_be(books.caller, invoice.invoice_id, invoice.drift.seen, "Agreed by phone")

    entry = trail.last(TENANT)
    assert (entry.what, entry.facts["reason"]) == ("drift.ignore", "Agreed by phone")


def test_it_is_gone_once_xero_has_it_as_it_was(books):
    document, invoice = changed(books, Reference="Theirs")
    books.ledger.edit(document["InvoiceID"], Reference="")

    look(books)

    assert store.get(TENANT, invoice.invoice_id).drift is None


@pytest.mark.parametrize("from_here", [True, False])
def test_an_end_is_told_unless_it_came_from_here(books, from_here):
    (document, *_), (invoice, *_) = sent(books)
    if from_here:
        void.start(books.caller, invoice.invoice_id, reason="A slip", release=False)
    else:
        books.ledger.void(document["InvoiceID"])
    look(books)
    sync.start(books.caller, invoice.invoice_id)

    names = [one.name for one in told(invoice.invoice_id)]

    assert names == ([] if from_here else ["status"])


def test_work_stays_behind_the_lines_that_xero_still_has(books):
    work = Work(records=1, minutes=60, record_ids=("r1",))
    draft = books.draft(line(100), line(200))
    lines = tuple(
        dataclasses.replace(one, work=work, line_id=str(n))
        for n, one in enumerate(draft.lines, 1)
    )
    draft = store.save_with_lines(TENANT, dataclasses.replace(draft, lines=lines, records=2))
    (document,), (invoice,) = sent(books, draft)
    edit(books, document, [("UnitAmount", Decimal(9)), ("remove", "")])
    look(books)
    seen = store.get(TENANT, invoice.invoice_id).drift.seen

    accept.start(books.caller, invoice.invoice_id, seen)

    after = store.get(TENANT, invoice.invoice_id)
    assert [(one.line_id, one.work) for one in after.lines] == [("1", work)]
    assert after.records == 1
    assert after.totals.total == document["Total"]


def test_ours_is_written_again_once_somebody_approved_it(books):
    document, invoice = changed(books, Reference="Theirs")

    revise.propose(books.caller, invoice.invoice_id, invoice.version, {}, overwrite=True)
    proposed = revision.get(TENANT, invoice.invoice_id)
    assert document["Reference"] == "Theirs"
    with pytest.raises(Conflict):
        accept.start(books.caller, invoice.invoice_id, invoice.drift.seen)
    approved = revise.would_write(TENANT, proposed).approval
    revise.write(books.caller, invoice.invoice_id, approved)

    assert document["Reference"] == ""
    assert store.get(TENANT, invoice.invoice_id).drift is None
    assert drift_store.listing(TENANT, limit=50).items == []


def test_another_contact_is_accepted_once_it_is_a_client_here(books):
    other = books.ledger.contacts.all()[1]
    document, invoice = changed(books, Contact={"ContactID": other["ContactID"]})
    (one,) = told(invoice.invoice_id)
    assert (one.field, other["Name"] in one.theirs) == ("contact", True)

    refused = accept.start(books.caller, invoice.invoice_id, invoice.drift.seen)
    assert refused.message == accept.STRANGER.format(other["Name"])

    client = clients.create(TENANT, "Other Ltd", currency="NZD")
    known = Contacts(TENANT, books.organisation_id)
    known.remember([Known(other["ContactID"], client_id=client.client_id)])
    accept.start(books.caller, invoice.invoice_id, invoice.drift.seen)

    after = store.get(TENANT, invoice.invoice_id)
    assert (after.client_id, after.contact_id) == (client.client_id, other["ContactID"])
    assert document["Contact"] is other
    listed = store.listing(TENANT, limit=9, client_id=client.client_id)
    assert [one.invoice_id for one in listed] == [invoice.invoice_id]


def test_a_line_that_takes_off_a_deposit_is_not_taken_over(books):
    draft = books.draft(line(5000), line(-1000))
    off = dataclasses.replace(draft.lines[1], part=Part.DEDUCTION)
    draft = store.save_with_lines(TENANT, dataclasses.replace(draft, lines=(draft.lines[0], off)))
    (document,), (invoice,) = sent(books, draft)
    lines = [{k: item[k] for k in KEPT if k in item} for item in document["LineItems"]]
    for item in lines:
        del item["LineAmount"], item["TaxAmount"]
    lines[1]["UnitAmount"] = Decimal(-20)
    books.ledger.edit(document["InvoiceID"], LineItems=lines)
    look(books)

    seen = store.get(TENANT, invoice.invoice_id).drift.seen
    job = accept.start(books.caller, invoice.invoice_id, seen)

    assert (job.state, job.message) == (JobState.FAILED, take_over.OF_DEPOSIT)
    assert store.get(TENANT, invoice.invoice_id).totals == invoice.totals


def test_tracking_is_told_by_its_names():
    option = {"TrackingCategoryID": "c", "TrackingOptionID": "n", "Name": "Region"}
    item = {"Description": "Work", "Quantity": 1, "UnitAmount": 1, "AccountCode": "200"}
    north, none = (
        drift.theirs(XeroInvoice.read({"LineItems": [{**item, "Tracking": borne}]}))
        for borne in ([{**option, "Option": "North"}], [])
    )

    (one,) = drift.compare(none, none, north)

    assert (one.field, one.here, one.theirs) == ("lines[0].tracking", "", "Region: North")


def test_lines_that_xero_made_anew_find_their_own_again():
    """Xero gives a line another id when whoever changes it leaves the id out."""
    items = [{"Description": text} for text in "abc"]
    here, now = (
        drift.theirs(XeroInvoice.read({"LineItems": [{**i, "LineItemID": by} for i in found]}))
        for by, found in (("x", items), ("y", items[1:]))
    )

    (one,) = drift.compare(here, here, now)

    assert (one.name, one.here, one.theirs) == ("line", "a", "")
