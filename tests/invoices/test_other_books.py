"""Invoices belong to one organisation's books, whatever the tenant connects to afterwards."""

from dataclasses import replace

import pytest

from chalicelib.connection import store as connections
from chalicelib.errors import Conflict
from chalicelib.invoices import create, send, show, store, sync, void
from chalicelib.invoices.model import Basis, InvoiceState
from chalicelib.invoices.wanted import NewInvoice

TENANT, ORGANISATION = "tenant-1", "organisation-1"


def connect_to(organisation_id):
    present = connections.get(TENANT)
    connections.claim(replace(present, organisation_id=organisation_id), present)


def made(business, line):
    wanted = NewInvoice(basis=Basis.BLANK, client_id=business.client_id, lines=(line(),))
    return store.get(TENANT, create.start(business.caller, wanted).result["invoice_id"])


def test_a_draft_is_for_the_organisation_connected_when_it_was_made(business, line):
    draft = made(business, line)
    assert draft.organisation_id == ORGANISATION
    connect_to("organisation-2")
    assert [one.code for one in show.problems(TENANT, draft)] == ["other_books"]
    with pytest.raises(Conflict, match="another organisation"):
        send.start(business.caller, [draft.invoice_id])
    assert business.get(draft) == draft


def test_what_was_queued_before_never_goes_to_other_books(business):
    invoice = business.queued(organisation_id="organisation-0")
    business.run(business.job(invoice))
    after = business.get(invoice)
    assert after.state is InvoiceState.FAILED
    assert [one.code for one in after.problems] == ["other_books"]
    assert not business.xero.calls


def test_a_draft_from_before_any_connection_goes_to_the_first(business):
    invoice = business.queued()
    assert invoice.organisation_id == ""
    business.run(business.job(invoice))
    after = business.get(invoice)
    assert (after.state, after.organisation_id) == (InvoiceState.SENT, ORGANISATION)


def test_a_sent_invoice_is_neither_asked_for_nor_voided_in_other_books(business):
    invoice = business.queued()
    business.run(business.job(invoice))
    connect_to("organisation-2")
    with pytest.raises(Conflict, match="not connected now"):
        sync.start(business.caller, invoice.invoice_id)
    with pytest.raises(Conflict, match="not connected now"):
        void.start(business.caller, invoice.invoice_id, reason="wrong", release=True)
    assert list(store.open_ids(TENANT, "organisation-2")) == []
    assert list(store.open_ids(TENANT, ORGANISATION)) == [invoice.invoice_id]
