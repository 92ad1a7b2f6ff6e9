"""/Payments of invoices."""

from flask import Response

from local.xero.accounting import history, show
from local.xero.accounting.batch import one, save_all
from local.xero.accounting.listing import changed, filtered
from local.xero.accounting.query import Query, paged
from local.xero.accounting.read import elements
from local.xero.accounting.routing import blueprint, books
from local.xero.accounting.schemas import PAYMENT
from local.xero.accounting.wire import envelope
from local.xero.books import NotFound, Refused
from local.xero.books.records import Record


@blueprint.get("/Payments")
def list_payments() -> Response:
    query = Query("where order page pageSize")
    found = filtered(changed(books().payments.all(), "PaymentID"), query, PAYMENT)
    if query.page is None:
        return envelope("Payments", [show.payment_listed(p) for p in found])
    found, about = paged(found, query.page, query.page_size)
    return envelope("Payments", [show.payment_listed(p) for p in found], about)


@blueprint.get("/Payments/<key>")
def get_payment(key: str) -> Response:
    Query()
    return envelope("Payments", [show.payment(books().payments.get(key))])


@blueprint.put("/Payments")
@blueprint.post("/Payments")
def create_payments() -> Response:
    query = Query("summarizeErrors")
    sent = elements("Payments", "Payment", PAYMENT)
    return save_all(
        "Payments",
        sent,
        lambda element: (show.payment(books().payments.create(element)), []),
        "PaymentID",
        summarize=query.summarize_errors,
    )


@blueprint.post("/Payments/<key>")
def delete_payment(key: str) -> Response:
    Query()
    payment = books().payments.get(key)
    sent = elements("Payments", "Payment", PAYMENT)[0]

    def delete() -> Record:
        if sent.get("Status") != "DELETED":
            raise Refused(["Payments cannot be edited, only deleted."])
        return show.payment(books().payments.delete(payment))

    return one("Payments", delete, sent | {"PaymentID": payment["PaymentID"]}, "PaymentID")


@blueprint.get("/Payments/<key>/History")
def get_payment_history(key: str) -> Response:
    return history.listed(books().payments.get(key)["PaymentID"])


@blueprint.put("/Payments/<key>/History")
def add_payment_history(key: str) -> Response:
    """The OpenAPI file: the API is not able to create history of payments."""

    def refuse() -> str:
        raise NotFound([key])

    return history.noted(refuse)
