"""/Accounts: the chart of accounts. Never paged; one account per write."""

from flask import Response

from local.xero.accounting.batch import one
from local.xero.accounting.listing import changed, filtered
from local.xero.accounting.query import Query
from local.xero.accounting.read import elements
from local.xero.accounting.routing import blueprint, books
from local.xero.accounting.schemas import ACCOUNT
from local.xero.accounting.wire import envelope
from local.xero.books.records import Record


@blueprint.get("/Accounts")
def list_accounts() -> Response:
    query = Query("where order")
    return envelope(
        "Accounts", filtered(changed(books().accounts.all(), "AccountID"), query, ACCOUNT)
    )


@blueprint.get("/Accounts/<key>")
def get_account(key: str) -> Response:
    Query()
    return envelope("Accounts", [books().accounts.get(key)])


@blueprint.put("/Accounts")
def create_account() -> Response:
    Query()
    sent = elements("Accounts", "Account", ACCOUNT)[0]
    return one(
        "Accounts", lambda: books().accounts.create(sent, books().now()), sent, "AccountID"
    )


@blueprint.post("/Accounts/<key>")
def update_account(key: str) -> Response:
    Query()
    account = books().accounts.get(key)
    sent = elements("Accounts", "Account", ACCOUNT)[0] | {"AccountID": account["AccountID"]}
    return one(
        "Accounts",
        lambda: books().accounts.update(account, sent, books().now()),
        sent,
        "AccountID",
    )


@blueprint.delete("/Accounts/<key>")
def delete_account(key: str) -> Response:
    Query()
    account = books().accounts.get(key)

    def delete() -> Record:
        in_use = books().uses_account(account)
        return books().accounts.delete(account, in_use=in_use, now=books().now())

    return one("Accounts", delete, {"AccountID": account["AccountID"]}, "AccountID")
