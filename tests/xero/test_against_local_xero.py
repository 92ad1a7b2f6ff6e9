"""The client against the local Xero, over real HTTP."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from chalicelib.xero.accounting import Accounting
from chalicelib.xero.errors import (
    GrantEnded,
    XeroCodeRefused,
    XeroForbidden,
    XeroIdempotencyMisuse,
    XeroNotFound,
    XeroOutcomeUnknown,
    XeroRateLimited,
    XeroRejected,
    XeroScopeMissing,
    XeroTokenExpired,
    XeroUnavailable,
)
from chalicelib.xero.formats import write_json
from chalicelib.xero.grants import TokenSet
from chalicelib.xero.identity import Identity
from chalicelib.xero.retry import Patience
from chalicelib.xero.scopes import missing, scopes
from chalicelib.xero.transport import Transport
from chalicelib.xero.wire.connection import Connection
from chalicelib.xero.wire.contact import NewContact
from chalicelib.xero.wire.invoice import Invoice
from local.xero.serve import DEFAULTS
from local.xero.testing import running

CALLBACK = DEFAULTS["redirect_uri"]
WITH_CONTACTS = scopes(["accounting.contacts"])


class Journey:
    """A person, a browser and the client, at one local Xero."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.api = Transport(url)
        self.identity = Identity(
            url, Transport(url), self.api, DEFAULTS["client_id"], DEFAULTS["client_secret"]
        )

    def consent(self, scope: tuple[str, ...] = WITH_CONTACTS) -> tuple[str, str]:
        """Sign in and allow access to the first organisation; the code and its verifier."""
        verifier = self.identity.new_code_verifier()
        address = self.identity.authorise_url(
            state="state-1", code_verifier=verifier, redirect_uri=CALLBACK, scope=scope
        )
        with requests.Session() as browser:
            browser.post(address, data={"email": "demo@xero.test", "password": "demo"})
            chosen = {"action": "allow", "tenant_id": self.organisation_id()}
            answer = browser.post(address, data=chosen, allow_redirects=False)
        back = {
            name: values[0]
            for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()
        }
        assert back["state"] == "state-1"
        return back["code"], verifier

    def connect(self, scope: tuple[str, ...] = WITH_CONTACTS) -> TokenSet:
        code, verifier = self.consent(scope)
        return self.identity.exchange_code(
            code=code, code_verifier=verifier, redirect_uri=CALLBACK
        )

    def organisation_id(self) -> str:
        listed = self.control("GET", "organisations")["organisations"]
        return next(one["tenant_id"] for one in listed if one["name"].endswith("(NZ)"))

    def books(self, grant: TokenSet) -> Accounting:
        return Accounting(
            self.api,
            access_token=grant.access_token,
            organisation_id=self.organisation_id(),
            patience=Patience(sleep=lambda _: None),
        )

    def control(self, verb: str, path: str, **order: object) -> dict:
        answer = requests.request(verb, f"{self.url}/_control/{path}", json=order, timeout=10)
        answer.raise_for_status()
        return answer.json()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running() as served:
        yield served.url


@pytest.fixture
def journey(server: str) -> Iterator[Journey]:
    journey = Journey(server)
    journey.control("POST", "reset")
    yield journey
    assert journey.control("GET", "unexpected")["unexpected"] == []


@pytest.fixture
def books(journey: Journey) -> Accounting:
    return journey.books(journey.connect())


def body(contact_id: str, **changes: object) -> bytes:
    """A batch of one invoice, as it is sent."""
    line = {
        "Description": "Design",
        "Quantity": Decimal(7000),
        "UnitAmount": Decimal("0.1648"),
        "AccountCode": "200",
        "TaxType": "OUTPUT2",
    }
    invoice = {
        "Type": "ACCREC",
        "Contact": {"ContactID": contact_id},
        "Date": "2026-05-01",
        "DueDate": "2026-05-31",
        "LineAmountTypes": "Exclusive",
        "InvoiceNumber": "WB-1",
        "Reference": "Job 7, May",
        "Url": "https://workbill.example/invoices/1",
        "Status": "AUTHORISED",
        "LineItems": [line],
        **changes,
    }
    return write_json({"Invoices": [invoice]})


def a_contact(books: Accounting) -> str:
    return next(c for c in books.contacts_page().items if c.contact_status == "ACTIVE").contact_id


def sent(books: Accounting) -> Invoice:
    (outcome,) = books.put_invoices(body(a_contact(books)), "key-1")
    assert outcome.saved, outcome.messages
    return outcome.record


def test_consent_gives_a_grant_that_opens_one_organisation(journey):
    grant = journey.connect()

    connections = journey.identity.connections(grant.access_token, grant.authentication_event_id)

    assert [connection.organisation_id for connection in connections] == [
        journey.organisation_id()
    ]
    assert connections[0].is_organisation
    assert connections[0].connection_id != connections[0].organisation_id
    assert grant.xero_user_id
    assert grant.expires_in == 1800
    assert missing(grant.scope, ["accounting.contacts"]) == ()


def test_a_code_serves_once(journey):
    code, verifier = journey.consent()

    def exchange():
        return journey.identity.exchange_code(
            code=code, code_verifier=verifier, redirect_uri=CALLBACK
        )

    exchange()
    with pytest.raises(XeroCodeRefused):
        exchange()


def test_a_code_serves_only_who_asked_for_it(journey):
    code, _ = journey.consent()

    with pytest.raises(XeroCodeRefused):
        journey.identity.exchange_code(
            code=code,
            code_verifier=journey.identity.new_code_verifier(),
            redirect_uri=CALLBACK,
        )


def test_a_refresh_rotates_and_the_old_token_has_its_grace(journey):
    first = journey.connect()

    second = journey.identity.refresh(first.refresh_token)
    again = journey.identity.refresh(first.refresh_token)

    assert second.refresh_token != first.refresh_token
    assert journey.books(again).organisation().country_code == "NZ"


def test_a_revoked_grant_is_ended(journey):
    grant = journey.connect()

    journey.identity.revoke(grant.refresh_token)

    with pytest.raises(GrantEnded):
        journey.identity.refresh(grant.refresh_token)


def test_an_expired_token_is_told_from_a_disconnect(journey):
    grant = journey.connect()
    journey.control("POST", "tokens/expire")

    with pytest.raises(XeroTokenExpired):
        journey.books(grant).organisation()

    fresh = journey.identity.refresh(grant.refresh_token)
    journey.control("POST", "connections/remove", tenant_id=journey.organisation_id())
    with pytest.raises(XeroForbidden):
        journey.books(fresh).organisation()
    assert journey.identity.connections(fresh.access_token) == ()


def test_a_connection_is_taken_out_of_the_grant(journey):
    grant = journey.connect()
    (connection,) = journey.identity.connections(grant.access_token)
    assert isinstance(connection, Connection)

    journey.identity.delete_connection(grant.access_token, connection.connection_id)

    with pytest.raises(XeroNotFound):
        journey.identity.delete_connection(grant.access_token, connection.connection_id)


def test_a_missing_scope_is_named_as_such(journey):
    grant = journey.connect(("openid", "offline_access", "accounting.settings.read"))

    with pytest.raises(XeroScopeMissing):
        journey.books(grant).contacts_page()


def test_the_codes_of_the_organisation_are_read(books):
    assert books.organisation().base_currency == "NZD"
    assert books.actions()
    assert any(account.code == "200" for account in books.accounts())
    assert any(rate.tax_type == "OUTPUT2" for rate in books.tax_rates())
    assert any(currency.code == "NZD" for currency in books.currencies())
    assert books.branding_themes()
    assert all(category.options for category in books.tracking_categories())


def test_all_contacts_come_page_by_page(books):
    whole = books.contacts_page()
    assert whole.is_last

    pages = [books.contacts_page(number, page_size=10) for number in range(1, 4)]
    assert pages[0].page_count == -(-whole.item_count // 10)

    ids = [contact.contact_id for page in pages for contact in page.items]
    assert ids == [contact.contact_id for contact in whole.items[:30]]


def test_contacts_that_did_not_change_are_not_sent_again(books):
    latest = max(c.updated_date_utc for c in books.contacts_page().items if c.updated_date_utc)

    assert not books.contacts_page(modified_since=latest + timedelta(seconds=1)).items


def test_a_contact_is_made_once_by_name(books):
    wanted = [NewContact(name="Kererū Ltd", email_address="k@kereru.test")]

    (made,) = books.create_contacts(wanted, "key-1")
    (refused,) = books.create_contacts(wanted, "key-2")

    assert books.contact(made.record.contact_id).name == "Kererū Ltd"
    assert not refused.saved
    assert "already assigned" in refused.messages[0].message


def test_an_invoice_is_created_to_the_cent_and_read_back(books):
    created = sent(books)

    read = books.invoice(created.invoice_id)

    assert str(read.line_items[0].unit_amount) == "0.1648"
    assert (read.sub_total, read.total_tax) == (Decimal("1153.60"), Decimal("173.04"))
    assert read.total == read.amount_due == Decimal("1326.64")
    assert str(read.date) == "2026-05-01"
    assert read.url == "https://workbill.example/invoices/1"


def test_an_invoice_is_found_in_every_way(books):
    began = datetime.now(UTC) - timedelta(minutes=5)
    wanted = sent(books).invoice_id

    found = [
        books.invoices_by_ids([wanted]),
        books.invoices_by_numbers(["WB-1", "WB-2"]),
        books.invoices_by_reference("Job 7, May"),
        tuple(
            invoice
            for invoice in books.invoices_changed_since(began).items
            if invoice.url == "https://workbill.example/invoices/1"
        ),
    ]

    assert [[invoice.invoice_id for invoice in each] for each in found] == [[wanted]] * 4
    assert all(invoice.line_items for each in found for invoice in each)


def test_a_voided_invoice_is_found_too(books):
    created = sent(books)

    assert books.update_status(created.invoice_id, "VOIDED", "key-2").status == "VOIDED"

    assert books.invoices_by_numbers(["WB-1"])[0].status == "VOIDED"
    assert books.invoices_by_reference("Job 7, May")[0].status == "VOIDED"


def test_a_repeat_under_the_same_key_creates_nothing_more(books):
    contact_id = a_contact(books)

    first = books.put_invoices(body(contact_id), "key-1")
    second = books.put_invoices(body(contact_id), "key-1")

    assert first[0].record.invoice_id == second[0].record.invoice_id
    with pytest.raises(XeroIdempotencyMisuse):
        books.put_invoices(body(contact_id, InvoiceNumber="WB-2"), "key-1")


def test_a_taken_number_is_refused_and_not_overwritten(books):
    created = sent(books)

    (outcome,) = books.put_invoices(body(a_contact(books), Reference="Other"), "key-2")

    assert not outcome.saved
    assert books.invoice(created.invoice_id).reference == "Job 7, May"


def test_a_line_at_fault_is_named(books):
    line = {"Description": "x", "Quantity": 1, "UnitAmount": 1, "AccountCode": "nope"}

    (outcome,) = books.put_invoices(body(a_contact(books), LineItems=[line]), "key-1")

    assert not outcome.saved
    assert "LineItems[0]" in {message.where for message in outcome.messages}


def test_a_status_that_xero_forbids_is_refused_with_a_next_step(books):
    created = sent(books)
    books.update_status(created.invoice_id, "VOIDED", "key-2")

    with pytest.raises(XeroRejected) as raised:
        books.update_status(created.invoice_id, "AUTHORISED", "key-3")

    assert raised.value.messages
    assert raised.value.correlation_id


def test_a_payment_made_in_xero_is_seen(journey, books):
    created = sent(books)
    began = datetime.now(UTC) - timedelta(minutes=5)
    invoice = f"organisations/{journey.organisation_id()}/invoices/{created.invoice_id}"
    journey.control("POST", f"{invoice}/pay")

    paid = books.invoice(created.invoice_id)
    payments = books.payments_changed_since(began).items

    assert (paid.status, paid.amount_due, paid.amount_paid) == ("PAID", 0, created.total)
    assert paid.fully_paid_on_date
    assert [p.amount for p in paid.payments] == [created.total]
    mine = [p for p in payments if p.invoice and p.invoice.invoice_id == created.invoice_id]
    assert [p.status for p in mine] == ["AUTHORISED"]


def test_an_invoice_has_its_page_its_pdf_and_its_notes(books):
    created = sent(books)

    books.add_history(created.invoice_id, "Sent by Workbill.", "key-2")

    assert books.online_invoice_url(created.invoice_id)
    assert books.invoice_pdf(created.invoice_id).startswith(b"%PDF")


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_dropped_answer_leaves_a_write_uncertain(journey, books, when):
    contact_id = a_contact(books)
    journey.control("POST", "faults", kind="drop", when=when, method="PUT")

    with pytest.raises(XeroOutcomeUnknown):
        books.put_invoices(body(contact_id), "key-1")

    assert len(books.invoices_by_numbers(["WB-1"])) == (when == "after")


def test_an_outage_is_no_outcome_of_a_read(journey, books):
    journey.control("POST", "faults", kind="status", status=503, times=3)

    with pytest.raises(XeroUnavailable):
        books.organisation()

    assert books.organisation().name


def test_a_limit_names_its_time(journey, books):
    journey.control("POST", "faults", kind="rate_limit", problem="day", retry_after=67000)

    with pytest.raises(XeroRateLimited) as raised:
        books.organisation()

    assert (raised.value.problem, raised.value.retry_after) == ("day", 67000)


def test_a_server_that_is_not_there_was_sent_nothing(journey):
    grant = journey.connect()
    nobody = Accounting(
        Transport("http://127.0.0.1:8169"), access_token=grant.access_token, organisation_id="o"
    )

    with pytest.raises(XeroUnavailable):
        nobody.put_invoices(b"{}", "key")
