"""Sending and syncing by the real client, against the local Xero in this process."""

import random
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from chalicelib.dispatch import drain, exchanges, failures
from chalicelib.dispatch import lane as lanes
from chalicelib.dispatch.model import JobState
from chalicelib.invoices import create, send, store, sync, void
from chalicelib.invoices.line import Line, LineAmountTypes
from chalicelib.invoices.model import Basis, InvoiceState, SendAs
from chalicelib.invoices.wanted import NewInvoice
from chalicelib.people import tenants
from chalicelib.people.model import Tenant
from chalicelib.reference import import_codes, mapping
from chalicelib.reference.contacts.ask import start as import_clients
from chalicelib.reference.model import Mapping
from chalicelib.storage.rows import transaction_connection
from chalicelib.webhooks import inbox
from chalicelib.work import clients
from local.xero.faults import Fault, Kind
from tests.support.xero import books, caller_of

TENANT = "t1"
PUT = {"method": "PUT", "path": "/Invoices"}


@pytest.fixture(scope="module")
def xero():
    """One account and one Xero for the module: connecting takes a while, and nothing clashes."""
    with books() as both:
        now = both.aws.clock.now()
        tenants.row_of(Tenant(TENANT, "Acme", now)).save()
        both.connect(TENANT)
        lanes.open_lane(both.organisation(), TENANT, now)
        import_codes.start(caller_of(TENANT))
        import_clients(caller_of(TENANT))
        drain.drain(both.organisation(), deadline=now.replace(year=2030))
        mapping.set_defaults(caller_of(TENANT), Mapping("200", "OUTPUT2"))
        both.world.limiter.enabled = False
        yield both


@pytest.fixture(autouse=True)
def another_minute(xero):
    """So many calls are made here as no minute allows."""
    xero.aws.clock.advance(seconds=61)


@pytest.fixture
def client_id(xero):  # noqa: ARG001  xero must be there first
    linked = [one for one in clients.listing(TENANT, limit=50) if one.contact_id]
    return linked[0].client_id


def draft(client_id, *lines, **facts):
    chosen = lines or (Line("Work", Decimal("1.5"), Decimal(120)),)
    wanted = NewInvoice(
        basis=Basis.BLANK, client_id=client_id, lines=chosen, currency="NZD", **facts
    )
    return store.get(TENANT, create.start(caller_of(TENANT), wanted).result["invoice_id"])


def click(invoice, **choices):
    return send.start(caller_of(TENANT), [invoice.invoice_id], **choices)


def get(invoice):
    return store.get(TENANT, invoice.invoice_id)


def in_xero(xero, invoice):
    organisation = xero.world.organisations[xero.organisation()]
    url = f"http://localhost:8000/invoices/{invoice.invoice_id}"
    return [one for one in organisation.books.invoices.all() if one.get("Url") == url]


def settled(xero, invoice):
    """Let time pass and the lane work until the invoice is sent."""
    for _ in range(12):
        if get(invoice).state is InvoiceState.SENT:
            return get(invoice)
        now = xero.aws.clock.advance(seconds=61)
        drain.drain(xero.organisation(), deadline=now.replace(year=now.year + 1))
    pytest.fail(f"Still {get(invoice)}")


def test_one_click_is_one_call(xero, client_id):
    invoice = draft(client_id)
    before = len(xero.world.calls.listed())

    job = click(invoice)

    assert job.state is JobState.DONE, job.message
    made = [(c["method"], c["path"]) for c in xero.world.calls.listed()[before:]]
    assert made == [("PUT", "/api.xro/2.0/Invoices")]
    assert get(invoice).xero_status == "AUTHORISED"
    assert get(invoice).difference is None


@pytest.mark.usefixtures("xero")
def test_one_click_makes_no_more_requests_to_the_tables(client_id):
    """While no status is due; what creeps in is seen here."""
    click(draft(client_id))
    click(draft(client_id))
    invoice, made = draft(client_id), []
    events = transaction_connection().client.meta.events

    def note(model, **_):
        made.append(model.name)

    events.register("before-call.dynamodb", note)
    try:
        click(invoice)
    finally:
        events.unregister("before-call.dynamodb", note)

    assert get(invoice).state is InvoiceState.SENT
    assert Counter(made) == {
        "BatchGetItem": 2,
        "UpdateItem": 1,
        "TransactWriteItems": 3,
        "Query": 1,
    }


@pytest.mark.usefixtures("xero")
@pytest.mark.parametrize("send_as", SendAs)
def test_invoice_arrives_as_was_asked(client_id, send_as):
    invoice = draft(client_id)

    click(invoice, send_as=send_as)

    assert get(invoice).xero_status == send_as.value


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "drop", "when": "before"},
        {"kind": "drop", "when": "after"},
        {"kind": "status", "status": 500, "when": "after"},
        {"kind": "status", "status": 500, "when": "before"},
        {"kind": "status", "status": 503, "when": "before"},
        {"kind": "truncate"},
        {"kind": "token_expired"},
        {"kind": "rate_limit", "retry_after": 7},
    ],
    ids=lambda fault: " ".join(str(part) for part in fault.values()),
)
def test_whatever_happens_to_the_call_one_invoice_arrives(xero, client_id, fault):
    invoice = draft(client_id)
    xero.fault(**{"times": 1, **PUT, **fault})

    click(invoice)
    arrived = settled(xero, invoice)

    assert [one["InvoiceNumber"] for one in in_xero(xero, invoice)] == [arrived.number]
    assert arrived.difference is None


def test_xeros_refusal_is_told_in_words(xero, client_id):
    invoice = draft(client_id)
    organisation = xero.world.organisations[xero.organisation()]
    account = organisation.books.accounts.coded("200")
    account["Status"] = "ARCHIVED"
    try:
        job = click(invoice)
    finally:
        account["Status"] = "ACTIVE"

    assert job.state is JobState.FAILED
    problem = get(invoice).problems[0]
    assert (problem.line, problem.place) == (1, "/settings/codes")
    assert "200" in problem.said


@pytest.mark.usefixtures("xero")
def test_payment_and_its_removal_come_back(client_id):
    invoice = draft(client_id)
    click(invoice)
    assert sync.start(caller_of(TENANT), invoice.invoice_id).state is JobState.DONE

    assert get(invoice).mirror.amount_due == get(invoice).totals.total


def told_of(xero, invoice):
    """What Xero's event of the latest change of an invoice says."""
    (record,) = in_xero(xero, invoice)
    at = record["UpdatedDateUTC"]
    return {f"INVOICE {record['InvoiceID']} {at:%Y-%m-%dT%H:%M:%S.%f}"[:-3]}


def calls_for(xero, hints):
    """How many calls a delivery with these hints costs."""
    before = len(xero.world.calls.listed())
    inbox.take_in({xero.organisation(): hints})
    drain.drain(xero.organisation(), deadline=xero.aws.clock.now().replace(year=2030))
    return len(xero.world.calls.listed()) - before


def test_our_own_change_that_comes_back_costs_no_look_and_others_do(xero, client_id):
    invoice = draft(client_id)
    click(invoice)
    drain.drain(xero.organisation(), deadline=xero.aws.clock.now().replace(year=2030))
    ours = told_of(xero, invoice)
    assert calls_for(xero, ours) == 0

    xero.aws.clock.advance(seconds=1)
    organisation = xero.world.organisations[xero.organisation()]
    organisation.books.payments.create(
        {
            "Invoice": {"InvoiceID": get(invoice).mirror.xero_invoice_id},
            "Account": {"Code": "090"},
            "Amount": Decimal(10),
            "Date": date(2026, 11, 23),
        }
    )
    theirs = told_of(xero, invoice)

    assert calls_for(xero, ours | theirs) == 1
    assert get(invoice).mirror.amount_paid == Decimal(10)
    assert calls_for(xero, ours | theirs) == 0


@pytest.mark.usefixtures("xero")
def test_approved_invoice_is_voided(client_id):
    invoice = draft(client_id)
    click(invoice)

    void.start(caller_of(TENANT), invoice.invoice_id, reason="wrong client", release=True)

    assert get(invoice).xero_status == "VOIDED"


@pytest.mark.usefixtures("xero")
def test_draft_in_xero_is_deleted(client_id):
    invoice = draft(client_id)
    click(invoice, send_as=SendAs.DRAFT)

    void.start(caller_of(TENANT), invoice.invoice_id, reason="not yet", release=False)

    assert get(invoice).xero_status == "DELETED"


@pytest.mark.usefixtures("client_id")
def test_all_changes_are_fetched_by_one_call(xero):
    before = len(xero.world.calls.listed())

    job = sync.start(caller_of(TENANT))

    assert job.state is JobState.DONE
    assert len(xero.world.calls.listed()) == before + 1


def test_xeros_totals_are_ours_to_the_cent(xero, client_id):
    """Random lines of every kind, many invoices in one call."""
    chance = random.Random(7)  # noqa: S311  reproducible amounts, nothing secret
    invoices = []
    for number in range(24):
        types = list(LineAmountTypes)[number % 3]
        lines = [_line(chance) for _ in range(chance.randint(1, 9))]
        lines.append(Line("Base", Decimal(1), Decimal(90000)))
        invoices.append(draft(client_id, *lines, line_amount_types=types))

    send.start(caller_of(TENANT), [invoice.invoice_id for invoice in invoices])

    for invoice in invoices:
        assert settled(xero, invoice).mirror.totals == invoice.totals
    assert xero.world.surprises == []


def _line(chance):
    quantity = Decimal(chance.randint(-20000, 90000)).scaleb(-4)
    price = Decimal(chance.randint(1, 9999999)).scaleb(-4)
    tax = chance.choice(["OUTPUT2", "ZERORATED", "NONE"])
    discount = chance.choice([None, None, Decimal(chance.randint(0, 10000)).scaleb(-2)])
    return Line("x", quantity, price, tax_type=tax, discount_percent=discount)


def test_asking_again_looks_at_once(xero, client_id):
    invoice = draft(client_id)
    xero.fault(kind="drop", when="before", times=1, **PUT)
    waiting = click(invoice)
    assert waiting.state is JobState.WAITING
    assert get(invoice).state is InvoiceState.UNCERTAIN

    assert click(invoice).state is JobState.DONE

    assert len(in_xero(xero, invoice)) == 1


def kept(**wanted):
    """What the list of exchanges has, after the lane was let go."""
    return list(exchanges.listing(TENANT, exchanges.Wanted(**wanted), limit=50))


@pytest.mark.usefixtures("xero")
def test_a_call_is_kept_with_its_invoice_and_what_came_of_it(client_id):
    good = draft(client_id)
    click(good)

    (sent,) = kept(invoice_id=good.invoice_id)
    assert (sent.method, sent.path) == ("PUT", "/api.xro/2.0/Invoices")
    assert (sent.outcome, sent.said, sent.status) == ("done", "1 taken.", 200)
    assert sent.correlation_id
    assert kept(invoice_id=good.invoice_id, outcome="failed") == []


def test_a_failure_is_kept_and_a_look_that_found_nothing_is_only_counted(xero, client_id):
    invoice = draft(client_id)
    xero.world.faults.add(Fault(Kind.STATUS, **PUT, status=503))
    click(invoice)
    settled(xero, invoice)
    sync.start(caller_of(TENANT))
    before = len(kept())
    sync.start(caller_of(TENANT))

    failed = kept(invoice_id=invoice.invoice_id, outcome="failed")
    assert [(one.status, one.failure) for one in failed] == [(503, "xero_outcome_unknown")]
    assert failures.sentence_of(failed[0].failure).startswith("Xero did not confirm.")
    assert len(kept()) == before


def test_what_a_refused_invoice_met_is_kept_as_failed(xero, client_id):
    taken = click(draft(client_id))
    assert taken.state is JobState.DONE
    invoice = draft(client_id)
    organisation = xero.world.organisations[xero.organisation()]
    organisation.books.set_lock_dates(date(2030, 1, 1), None)
    try:
        click(invoice)
    finally:
        organisation.books.set_lock_dates(None, None)

    assert get(invoice).state is InvoiceState.FAILED
    assert get(invoice).problems[0].correlation_id
    (one,) = kept(invoice_id=invoice.invoice_id)
    assert (one.outcome, one.said) == ("failed", "0 taken, 1 refused.")
