"""What is done in Xero once an invoice is sent: only what was chosen, each once, and told."""

import csv

import pytest

from chalicelib.connection import tokens, usage
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.invoices import extras_job, store
from chalicelib.invoices.extras import ExtraName, ExtraState
from chalicelib.invoices.model import InvoiceState, SendAs
from chalicelib.people import tenants
from local.xero.faults import Kind
from tests.invoices.extras_desk import ALL, Desk
from tests.invoices.fault_lab import TENANT, line

NOTE, CSV, PDF, EMAIL = ExtraName
MAIL = {"method": "POST", "path": "/Email"}


@pytest.fixture
def desk(books):
    made = Desk(books)
    made.reach_by_mail()
    return made


def asked(desk):
    return [
        (c["method"], c["path"].rpartition("/")[2]) for c in desk.lab.xero.world.calls.listed()
    ]


def test_by_default_a_send_is_one_call_and_nothing_follows(desk):
    desk.lab.xero.world.calls.clear()

    invoice = desk.sent()

    assert asked(desk) == [("PUT", "Invoices")]
    assert "invoice-extras" not in desk.open_jobs()
    assert desk.extras(invoice).version == 0


class TestWhatIsChosen:
    def test_is_done_after_sending_and_counted_apart(self, desk):
        desk.permit()
        desk.choose(**ALL, timesheet_online=True)

        invoice = desk.sent(desk.billed("=1+1"))
        assert desk.mails(invoice) == len(desk.notes(invoice)) == 0
        desk.pass_time(1)

        assert [one.state for one in desk.extras(invoice).shown] == [ExtraState.DONE] * 4
        assert desk.notes(invoice) == [f"Sent by Workbill. The work behind it: {invoice.url}"]
        names = [f"{invoice.number} timesheet.csv", f"{invoice.number} timesheet.pdf"]
        assert list(desk.files(invoice)) == names
        assert all(one.include_online for one in desk.files(invoice).values())
        assert desk.mails(invoice) == 1
        counts = usage.of(TENANT).days[0].counts
        assert counts["extras"].calls == 5
        assert store.get(TENANT, invoice.invoice_id).state is InvoiceState.SENT
        text = desk.files(invoice)[names[0]].content.decode("utf-8-sig")
        assert list(csv.reader(text.splitlines())) == [
            [
                *("Date", "Kind", "Project", "Task or item", "Person"),
                *("Note", "Time", "Minutes", "Quantity", "Unit"),
            ],
            ["2026-11-20", "Material", "Website", "Cable", "", "", "", "", "2.5", "m"],
            ["2026-11-20", "Time", "Website", "Design", "Āwhina", "'=1+1", "1:30", "90", "", ""],
        ]

    def test_is_done_for_each_of_many(self, desk):
        from chalicelib.invoices import send

        desk.choose(history_note=True)
        drafts = [desk.lab.draft(line(100)) for _ in range(3)]
        send.start(desk.lab.caller, [one.invoice_id for one in drafts])
        desk.pass_time(3)

        sent = [store.get(TENANT, one.invoice_id) for one in drafts]
        assert [len(desk.notes(one)) for one in sent] == [1, 1, 1]

    def test_of_no_work_there_is_no_timesheet(self, desk):
        desk.permit()
        desk.choose(**ALL)
        invoice = desk.sent()
        desk.pass_time(1)

        assert set(desk.extras(invoice).items) == {NOTE, EMAIL}
        with pytest.raises(Conflict, match="no timesheet"):
            desk.ask(invoice, CSV)

    def test_is_one_of_what_is_offered(self, desk):
        with pytest.raises(InvalidInput, match="csv, pdf, both"):
            desk.choose(timesheet="xls")
        assert tenants.get(TENANT).after_sending == ()


class TestPermission:
    def test_without_it_the_file_alone_is_refused_and_comes_later(self, desk):
        desk.choose(**ALL)
        invoice = desk.sent(desk.billed())
        desk.pass_time(1)

        assert desk.one(invoice, EMAIL).state is ExtraState.DONE
        assert desk.one(invoice, CSV).state is ExtraState.REFUSED
        assert "Permissions need updating" in desk.one(invoice, CSV).sentence
        assert "/Attachments" not in str(asked(desk))

        desk.permit()
        desk.ask(invoice, CSV, PDF)

        assert [one.state for one in desk.extras(invoice).shown] == [ExtraState.DONE] * 4
        assert len(desk.files(invoice)) == 2

    def test_that_came_after_this_process_kept_a_token_counts_at_once(self, desk):
        desk.sent()
        before = dict(tokens._kept)
        assert before
        desk.permit()
        tokens._kept.update(before)
        invoice = desk.sent(desk.billed())

        desk.ask(invoice, CSV)

        assert desk.one(invoice, CSV).state is ExtraState.DONE

    def test_that_xero_takes_back_is_asked_for_anew(self, desk):
        desk.permit()
        desk.lab.fault(kind=Kind.SCOPE_MISSING, path="/Attachments")
        invoice = desk.sent(desk.billed())

        desk.ask(invoice, PDF)

        assert desk.one(invoice, PDF).state is ExtraState.REFUSED
        with pytest.raises(Conflict, match="Permissions need updating"):
            desk.ask(invoice, PDF)


class TestEmail:
    def test_is_never_sent_twice_wherever_the_worker_dies(self, desk):
        desk.choose(email_by="xero")
        ends = set()
        # Points come in pairs: to die after a request is to die before the next.
        for at in range(1, 200, 2):
            invoice = desk.sent()
            if not desk.worker_dies(at):
                break
            desk.pass_time(2, 130)
            assert desk.mails(invoice) <= 1, at
            extra = desk.one(invoice, EMAIL)
            assert extra.state in {ExtraState.DONE, ExtraState.DOUBTFUL}, at
            assert (extra.state is ExtraState.DONE) == (desk.mails(invoice) == 1), at
            ends.add(extra.state)
        assert at > 20
        assert ends == {ExtraState.DONE, ExtraState.DOUBTFUL}

    def test_whose_answer_is_lost_is_looked_for(self, desk):
        desk.lab.fault(kind=Kind.DROP, when="after", **MAIL)
        invoice = desk.sent()
        desk.ask(invoice, EMAIL)

        assert desk.one(invoice, EMAIL).state is ExtraState.DONE
        assert desk.mails(invoice) == 1

    def test_in_doubt_is_left_to_a_person_and_nothing_is_repeated(self, desk):
        desk.lab.fault(kind=Kind.STATUS, status=503, when="before", **MAIL)
        invoice = desk.sent()
        desk.ask(invoice, EMAIL)
        assert desk.one(invoice, EMAIL).state is ExtraState.TRYING
        desk.pass_time(4)

        assert desk.one(invoice, EMAIL).state is ExtraState.DOUBTFUL
        assert "only if nothing arrived" in desk.one(invoice, EMAIL).sentence
        assert desk.mails(invoice) == 0
        desk.ask(invoice, EMAIL)
        assert desk.one(invoice, EMAIL).state is ExtraState.DONE
        assert desk.mails(invoice) == 1

    def test_that_still_was_on_its_way_is_not_sent_beside_another(self, desk):
        desk.lab.fault(kind=Kind.STATUS, status=503, when="before", **MAIL)
        invoice = desk.sent()
        desk.ask(invoice, EMAIL)
        desk.ask(invoice, EMAIL)
        assert desk.mails(invoice) == 0
        desk.lab.ledger.mail.sent.append((None, desk.xero_id(invoice)))
        desk.lab.ledger.edit(desk.xero_id(invoice), SentToContact=True)

        desk.pass_time(4)

        assert desk.mails(invoice) == 1
        assert desk.one(invoice, EMAIL).state is ExtraState.DONE

    def test_is_not_sent_where_somebody_sent_it_in_xero(self, desk):
        invoice = desk.sent()
        desk.lab.ledger.edit(desk.xero_id(invoice), SentToContact=True)

        desk.ask(invoice, EMAIL)

        assert desk.mails(invoice) == 0
        assert "already" in desk.one(invoice, EMAIL).sentence
        with pytest.raises(Conflict, match="never e-mailed twice"):
            desk.ask(invoice, EMAIL)

    def test_of_a_draft_waits_for_its_approval(self, desk):
        desk.choose(email_by="xero")
        invoice = desk.sent(send_as=SendAs.DRAFT)
        desk.pass_time(1)
        assert "Approve it in Xero" in desk.one(invoice, EMAIL).sentence

        desk.lab.ledger.approve(desk.xero_id(invoice))
        desk.ask(invoice, EMAIL)

        assert desk.mails(invoice) == 1

    @pytest.mark.parametrize(
        ("harm", "said"),
        [
            ({"EmailAddress": ""}, "has no e-mail address"),
            ({"Class": "DEMO"}, "daily limit"),
        ],
    )
    def test_that_xero_refuses_says_why_and_can_be_tried_again(self, desk, harm, said):
        invoice = desk.sent()
        if "Class" in harm:
            desk.lab.ledger.organisation["Class"] = "DEMO"
        else:
            desk.reach_by_mail("")

        desk.ask(invoice, EMAIL)

        extra = desk.one(invoice, EMAIL)
        assert extra.state is ExtraState.REFUSED
        assert said in extra.sentence
        assert store.get(TENANT, invoice.invoice_id).state is InvoiceState.SENT
        desk.reach_by_mail()
        desk.ask(invoice, EMAIL)
        assert desk.mails(invoice) == 1

    def test_waits_for_a_limit_and_is_sent_then(self, desk):
        desk.lab.fault(kind=Kind.RATE_LIMIT, retry_after=7, **MAIL)
        invoice = desk.sent()
        desk.ask(invoice, EMAIL)
        assert desk.one(invoice, EMAIL).state is ExtraState.WANTED

        desk.pass_time(1)

        assert desk.mails(invoice) == 1


def test_a_note_and_each_file_stand_once_wherever_the_worker_dies(desk):
    desk.permit()
    desk.choose(history_note=True, timesheet="csv")
    for at in range(1, 200, 7):
        invoice = desk.sent(desk.billed())
        if not desk.worker_dies(at):
            break
        desk.pass_time(3, 130)
        assert [one.state for one in desk.extras(invoice).shown] == [ExtraState.DONE] * 2, at
        assert len(desk.notes(invoice)) == len(desk.files(invoice)) == 1, at
    assert at > 20


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_note_or_file_whose_answer_is_lost_stands_once(desk, when):
    desk.permit()
    desk.lab.fault(kind=Kind.STATUS, status=503, when=when, path="/History", method="PUT")
    desk.lab.fault(kind=Kind.DROP, when=when, path="/Attachments", method="PUT")
    invoice = desk.sent(desk.billed())

    desk.ask(invoice, NOTE, CSV)
    desk.pass_time(6)

    assert [one.state for one in desk.extras(invoice).shown] == [ExtraState.DONE] * 2
    assert len(desk.notes(invoice)) == len(desk.files(invoice)) == 1


def test_a_file_that_is_asked_for_again_takes_the_place_of_the_first(desk):
    desk.permit()
    invoice = desk.sent(desk.billed())
    desk.ask(invoice, CSV)
    first = desk.files(invoice)[f"{invoice.number} timesheet.csv"]

    desk.ask(invoice, CSV)

    assert desk.files(invoice)[first.name].attachment_id != first.attachment_id
    desk.ask(invoice, NOTE)
    with pytest.raises(Conflict, match="history already"):
        desk.ask(invoice, NOTE)


def test_what_has_ended_in_xero_gets_nothing_more(desk):
    invoice = desk.sent()
    desk.lab.ledger.void(desk.xero_id(invoice))
    desk.ask(invoice, EMAIL)
    assert desk.one(invoice, EMAIL).state is ExtraState.REFUSED

    with pytest.raises(Conflict, match="Send it first"):
        extras_job.start(desk.lab.caller, desk.lab.draft(line(1)).invoice_id, [EMAIL])


def test_a_fault_of_our_own_leaves_the_invoice_sent_and_says_so(desk, monkeypatch):
    from chalicelib.invoices import timesheet

    desk.permit()
    invoice = desk.sent(desk.billed())
    monkeypatch.setattr(timesheet, "entries", lambda *_: 1 / 0)
    desk.ask(invoice, CSV)
    desk.pass_time(8)

    assert desk.one(invoice, CSV).state is ExtraState.REFUSED
    assert "on our side" in desk.one(invoice, CSV).sentence
    assert store.get(TENANT, invoice.invoice_id).state is InvoiceState.SENT
