"""Each error of the catalogue, as the local Xero words it and as the invoice's page shows it.

The table names every code of the catalogue, and what makes the local Xero say so: a request that
its books refuse or, where nothing that Workbill sends can bring it about, a refusal that was
ordered of it, with the reason.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.invoices import adopt, refusals, store
from chalicelib.invoices.line import Line
from chalicelib.invoices.model import Basis, Invoice, InvoiceState
from chalicelib.work import clients
from chalicelib.xero.accounting import Accounting
from chalicelib.xero.catalogue import CATALOGUE, WAIT
from chalicelib.xero.errors import XeroCallError
from chalicelib.xero.formats import write_json
from chalicelib.xero.identity import Identity
from chalicelib.xero.scopes import scopes
from chalicelib.xero.sentences import explain
from chalicelib.xero.transport import Transport
from chalicelib.xero.wire.base import Wire
from chalicelib.xero.wire.invoice import Invoice as XeroInvoice
from chalicelib.xero.written import read_written
from local.xero.faults import Fault, Kind
from tests.support.browser import Administrator, application
from tests.support.standing_xero import APP
from tests.support.xero import books

LINE = {"Description": "Work", "Quantity": 1, "UnitAmount": 100, "AccountCode": "200"}


class Desk:
    """A connected tenant's way into the local Xero, by the product's own client."""

    def __init__(self, xero, tenant_id):
        self.xero = xero
        self.tenant_id = tenant_id
        self.books = xero.world.organisations[xero.organisation()].books
        self.keys = iter(range(10**6))
        self.accounting = self._with_every_right()
        active = [
            one["ContactID"]
            for one in self.books.contacts.all()
            if one.get("ContactStatus", "ACTIVE") == "ACTIVE"
        ]
        self.contact, self.spare = active[:2]

    def _with_every_right(self) -> Accounting:
        """The product's client with more rights than it asks for, such as to pay."""
        settings = wiring.current().settings
        api = Transport(self.xero.server.url)
        identity = Identity(
            settings.xero_login_url, api, api, APP["client_id"], APP["client_secret"]
        )
        verifier = identity.new_code_verifier()
        back = self.xero.consent(
            identity.authorise_url(
                state="state",
                code_verifier=verifier,
                redirect_uri=settings.redirect_uri,
                scope=(
                    *scopes(["accounting.contacts", "accounting.attachments"]),
                    "accounting.payments",
                ),
            )
        )
        grant = identity.exchange_code(
            code=back["code"], code_verifier=verifier, redirect_uri=settings.redirect_uri
        )
        return Accounting(
            api, access_token=grant.access_token, organisation_id=self.xero.organisation()
        )

    def write(self, method: str, path: str, tree: Any, key: str = "") -> Any:
        """The envelope of a write; raises what the client raises."""
        body = tree if isinstance(tree, bytes) else write_json(tree)
        chosen = key or f"words-{next(self.keys)}"
        query = {} if "/" in path.strip("/") else {"summarizeErrors": "false"}
        return self.accounting._write(method, path, body, chosen, query=query)

    def invoice(self, **facts):
        """What an invoice comes to; None leaves one of its usual facts out."""
        usual = {
            "Type": "ACCREC",
            "Contact": {"ContactID": self.contact},
            "Date": "2026-11-23",
            "DueDate": "2026-12-13",
            "LineAmountTypes": "Exclusive",
            "Status": "AUTHORISED",
            "LineItems": [LINE],
        }
        whole = {**usual, **facts}
        return self.put({name: value for name, value in whole.items() if value is not None})

    def put(self, invoice):
        envelope = self.write("PUT", "/Invoices", {"Invoices": [invoice]})
        return read_written(envelope, XeroInvoice, "Invoices", "InvoiceID")[0]

    def line(self, **facts):
        line = {name: value for name, value in {**LINE, **facts}.items() if value is not None}
        return self.invoice(LineItems=[LINE, line])

    def made(self, **facts) -> str:
        outcome = self.invoice(**facts)
        assert outcome.saved, outcome.messages
        return outcome.record.invoice_id

    def contact_with(self, **facts):
        return self.write("PUT", "/Contacts", {"Contacts": [facts]})

    def pay(self, invoice_id, amount):
        account = next(one for one in self.books.accounts.all() if one.get("Type") == "BANK")
        payment = {
            "Invoice": {"InvoiceID": invoice_id},
            "Account": {"AccountID": account["AccountID"]},
            "Date": "2026-11-23",
            "Amount": amount,
        }
        return self.write("PUT", "/Payments", {"Payments": [payment]})

    def mail(self, invoice_id):
        return self.accounting.email_invoice(invoice_id, f"words-{next(self.keys)}")

    def attach(self, invoice_id, name):
        key = f"words-{next(self.keys)}"
        return self.accounting.attach(invoice_id, name, b"Work", "text/csv", key)

    def change(self, invoice_id, **facts):
        return self.write("POST", f"/Invoices/{invoice_id}", facts)

    def ordered(self, message):
        """A refusal that nothing sent here can bring about, in Xero's own shape."""
        element = {"ValidationErrors": [{"Message": message}]}
        body = {"ErrorNumber": 10, "Type": "ValidationException", "Message": "A validation "
                "exception occurred", "Elements": [element]}  # fmt: skip
        self.xero.world.faults.add(
            Fault(
                Kind.STATUS,
                method="PUT",
                path="/Invoices",
                status=400,
                body=json.dumps(body),
                content_type="application/json",
            )
        )
        return self.invoice()


def of_archived_contact(desk):
    desk.books.archive_contact(desk.spare)
    return desk.invoice(Contact={"ContactID": desk.spare})


def of_locked_period(desk):
    desk.books.set_lock_dates(date(2026, 3, 31), None)
    try:
        return desk.invoice(Date="2026-03-01", DueDate="2026-03-20")
    finally:
        desk.books.set_lock_dates(None, None)


def of_spent_plan(desk):
    desk.books.set_approvals(0)
    try:
        return desk.invoice()
    finally:
        desk.books.set_approvals(None)


def of_number_twice(desk):
    desk.invoice(InvoiceNumber="WORDS-1")
    return desk.invoice(InvoiceNumber="WORDS-1")


def of_paid(desk):
    paid = desk.made()
    desk.pay(paid, 10)
    return desk.change(paid, InvoiceID=paid, Status="VOIDED")


def of_voided(desk):
    voided = desk.made()
    desk.change(voided, InvoiceID=voided, Status="VOIDED")
    return desk.change(voided, InvoiceID=voided, Reference="Late")


def of_key_twice(desk):
    desk.write("PUT", "/Contacts", {"Contacts": [{"Name": "Once Ltd"}]}, key="one-key")
    return desk.write("PUT", "/Contacts", {"Contacts": [{"Name": "Twice Ltd"}]}, key="one-key")


def of_no_address(desk):
    named = desk.books.contacts.get(desk.contact)
    before, named["EmailAddress"] = named["EmailAddress"], ""
    try:
        return desk.mail(desk.made())
    finally:
        named["EmailAddress"] = before


def of_eleven_files(desk):
    full = desk.made()
    for number in range(10):
        desk.books.attachments.put(full, f"{number}.csv", "text/csv", b"Work")
    return desk.attach(full, "11.csv")


def of_number_of_contact(desk):
    desk.contact_with(Name="First Ltd", ContactNumber="C-1")
    return desk.contact_with(Name="Second Ltd", ContactNumber="C-1")


def of_name_twice(desk):
    desk.contact_with(Name="Same Ltd")
    return desk.contact_with(Name="Same Ltd")


ORDERED = {
    "too_many_records": (
        "Your request is not filtering Invoices efficiently, given the extremely high volume",
        "Workbill asks by page, id, number and moment of change only, which Xero calls efficient",
    ),
    "rate_limit": (
        "Rate limit exceeded",
        "a 429 fails no invoice, it lets the line of work rest: tests/dispatch/test_dispatch.py",
    ),
    "item_code_taken": (
        "Price List Item with Code 'abc' already exists",
        "Workbill makes no items",
    ),
    "quantity_negative": (
        "Quantity must not be negative",
        "no source says of which documents Xero says so: of invoices it takes such lines",
    ),
}
"""What is ordered: Xero's words, and why nothing sent here makes the books say them."""

UNKNOWN_ID = "11111111-1111-4111-8111-111111111111"
PERSON = {"FirstName": "Bo", "LastName": "Hill", "EmailAddress": "bo@hill.test"}
TABLE: dict[str, Callable[[Desk], Any]] = {
    "too_long": lambda desk: desk.contact_with(Name="N" * 300),
    "plan_limit": of_spent_plan,
    "document_unknown": lambda desk: desk.write(
        "PUT", f"/Invoices/{UNKNOWN_ID}/History", {"HistoryRecords": [{"Details": "A note"}]}
    ),
    "key_reused": of_key_twice,
    "not_understood": lambda desk: desk.write("PUT", "/Invoices", b'{"Invoices": [{'),
    "contact_name_taken": of_name_twice,
    "contact_number_taken": of_number_of_contact,
    "contact_archived": of_archived_contact,
    "contact_missing": lambda desk: desk.invoice(Contact=None),
    "contact_persons_without_email": lambda desk: desk.contact_with(
        Name="Many Ltd", ContactPersons=[PERSON]
    ),
    "email_invalid": lambda desk: desk.contact_with(Name="Mail Ltd", EmailAddress="nowhere"),
    "tax_rate_unsuited": lambda desk: desk.line(TaxType="INPUT2"),
    "account_archived": lambda desk: desk.line(AccountCode="201"),
    "account_invalid": lambda desk: desk.line(AccountCode="999"),
    "account_missing": lambda desk: desk.line(AccountCode=None),
    "tax_rate_archived": lambda desk: desk.line(TaxType="OUTPUT"),
    "tax_rate_unknown": lambda desk: desk.line(TaxType="ZZ"),
    "tracking_invalid": lambda desk: desk.line(Tracking=[{"Name": "Planet", "Option": "Mars"}]),
    "currency_not_subscribed": lambda desk: desk.invoice(CurrencyCode="SEK"),
    "branding_theme_unknown": lambda desk: desk.invoice(BrandingThemeID=UNKNOWN_ID),
    "number_taken": of_number_twice,
    "has_payment": of_paid,
    "status_forbids": of_voided,
    "period_locked": of_locked_period,
    "payment_too_large": lambda desk: desk.pay(desk.made(), 10**6),
    "payment_on_draft": lambda desk: desk.pay(desk.made(Status="DRAFT"), 1),
    "total_negative": lambda desk: desk.line(UnitAmount=-500),
    "discount_too_large": lambda desk: desk.line(DiscountAmount=500),
    "line_amount_mismatch": lambda desk: desk.line(LineAmount=1),
    "lines_missing": lambda desk: desk.invoice(LineItems=[]),
    "due_date_missing": lambda desk: desk.invoice(DueDate=None),
    "description_missing": lambda desk: desk.line(Description=None),
    "link_refused": lambda desk: desk.invoice(Url="nowhere"),
    "contact_without_email": of_no_address,
    "email_limit": lambda desk: desk.mail(desk.made()),
    "email_unapproved": lambda desk: desk.mail(desk.made(Status="DRAFT")),
    "attachments_full": of_eleven_files,
    "attachment_refused": lambda desk: desk.attach(desk.made(), "a:b.csv"),
    "sent_mark_refused": lambda desk: desk.invoice(Status="DRAFT", SentToContact=True),
    **{
        code: lambda desk, words=words: desk.ordered(words)
        for code, (words, _) in ORDERED.items()
    },
}
OF_A_LINE = {
    "tax_rate_unsuited", "account_archived", "account_invalid", "account_missing",
    "tax_rate_archived", "tax_rate_unknown", "tracking_invalid", "discount_too_large",
    "line_amount_mismatch", "description_missing",
}  # fmt: skip


@pytest.fixture(scope="module")
def desk():
    with books() as xero, application() as client:
        person = Administrator(client, xero.aws).set_up()
        found = Desk(xero, person.tenant_id)
        found.browser = person.browser
        found.client_id = clients.create(person.tenant_id, "Hill Ltd", currency="NZD").client_id
        yield found


def failed(desk, code, again="") -> Invoice:
    """An invoice whose sending met with what Xero says here."""
    now = wiring.current().clock.now()
    lines = tuple(Line(words, Decimal(1), Decimal(100)) for words in ("Plans", "Site visit"))
    invoice = Invoice(
        invoice_id=f"words-{code.replace('_', '-')}{again}",
        client_id=desk.client_id,
        client_name="Hill Ltd",
        basis=Basis.BLANK,
        state=InvoiceState.BUILDING,
        currency="NZD",
        date=date(2026, 11, 23),
        due_date=date(2026, 12, 13),
        created_at=now,
    )
    store.add(desk.tenant_id, invoice)
    invoice = store.save_with_lines(
        desk.tenant_id, replace(invoice, state=InvoiceState.DRAFT, lines=lines)
    )
    return store.save(
        desk.tenant_id, replace(invoice, state=InvoiceState.FAILED, problems=said(desk, code))
    )


BEING_SENT = Invoice(
    "being-sent",
    "client",
    "Hill Ltd",
    Basis.BLANK,
    InvoiceState.SENDING,
    "NZD",
    date(2026, 11, 23),
    date(2026, 12, 13),
    datetime(2026, 11, 23, tzinfo=UTC),
)


def said(desk, code):
    """What the product makes of the local Xero's answer."""
    try:
        answer = TABLE[code](desk)
    except XeroCallError as error:
        return refusals.problems_of(error)
    if isinstance(answer, dict):
        kind = "Contacts" if "Contacts" in answer else "Payments"
        answer = read_written(answer, Wire, kind, f"{kind[:-1]}ID")[0]
    if answer.saved:
        assert answer.warnings, "Xero took it without a word"
        answer = replace(answer, messages=answer.warnings)
    outcome = SimpleNamespace(messages=answer.messages, correlation_id=answer.correlation_id)
    return adopt.refused(BEING_SENT, outcome).problems


def test_the_table_has_every_code_of_the_catalogue():
    assert set(TABLE) == {row[0] for row in CATALOGUE}


@pytest.mark.parametrize("code", TABLE)
def test_is_shown_as_its_sentence_with_xeros_words_one_click_away(desk, code):
    invoice = failed(desk, code)
    problem = next(one for one in invoice.problems if explain(one.said).code == code)
    page = desk.browser.page(f"/invoices/{invoice.invoice_id}")
    notice = next(
        one for one in page.select(".notice") if explain(problem.said).problem in one.get_text()
    )

    assert problem.code == code
    assert explain(problem.said).next_step in notice.get_text()
    assert problem.said in notice.select_one("details").get_text()
    assert problem.correlation_id
    assert problem.correlation_id in notice.select_one("details").get_text()
    place = next(row[4] for row in CATALOGUE if row[0] == code)
    assert (notice.select_one("a.button") is None) is (place == WAIT)
    assert ("Line 2: Site visit" in notice.get_text()) is (code in OF_A_LINE)


def test_every_button_leads_to_a_page_that_is_there(desk):
    for code in ("account_archived", "contact_archived", "total_negative", "plan_limit"):
        page = desk.browser.page(f"/invoices/{failed(desk, code, again='-again').invoice_id}")
        for button in page.select(".notice a.button"):
            path = button["href"].removeprefix("http://localhost:8000")
            assert desk.browser.get(path).status_code == 200, path
