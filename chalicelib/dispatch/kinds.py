"""Every kind of job, and where its handler lives.

Handlers are named, not imported, so that a function loads only what it does.
"""

from enum import StrEnum

STATUS_KIND = "sync-status"
REFRESH_CODES = "refresh-codes"
CALL_OFF_KIND = "call-off"
NUMBER_EVENTS = "number-events"
DELIVER_EVENTS = "deliver-events"
INVOICE_EXTRAS = "invoice-extras"

KINDS = {
    "import-clients": "chalicelib.reference.import_clients:handle",
    "link-client": "chalicelib.reference.contacts.acts:handle",
    "create-contact": "chalicelib.reference.contacts.create:handle",
    "watch-clients": "chalicelib.reference.contacts.watch:handle",
    "import-codes": "chalicelib.reference.import_codes:handle",
    REFRESH_CODES: "chalicelib.reference.refresh:handle",
    "look-at-time-records": "chalicelib.work.intake.look:handle",
    "import-time-records": "chalicelib.work.intake.take:handle",
    "take-back-time-records": "chalicelib.work.intake.take_back:handle",
    "discard-invoice": "chalicelib.invoices.discard:handle",
    "release-lines": "chalicelib.invoices.edit:handle",
    "void-invoice": "chalicelib.invoices.void:handle",
    "credit-invoice": "chalicelib.invoices.credit_job:handle",
    "look-at-credits": "chalicelib.invoices.lost_credits:handle",
    "put-work-back": "chalicelib.invoices.put_back:handle",
    "redraft-invoice": "chalicelib.invoices.redraft:handle",
    "look-at-revision": "chalicelib.invoices.revise_job:handle_look",
    "write-revision": "chalicelib.invoices.revise_job:handle_write",
    "resolve-invoice": "chalicelib.invoices.resolve:handle",
    "accept-drift": "chalicelib.invoices.accept:handle",
    "month-end": "chalicelib.invoices.month_end:handle",
    "build-invoice": "chalicelib.invoices.build_job:handle",
    "make-occurrence": "chalicelib.plans.occur:handle",
    "send-invoices": "chalicelib.invoices.send_job:handle",
    INVOICE_EXTRAS: "chalicelib.invoices.extras_job:handle",
    "fetch-online-link": "chalicelib.invoices.fetch:handle_link",
    "fetch-pdf": "chalicelib.invoices.fetch:handle_pdf",
    STATUS_KIND: "chalicelib.invoices.sync:handle",
    "sync-invoice": "chalicelib.invoices.sync:handle_one",
    "export-audit": "chalicelib.audit.export:handle",
    CALL_OFF_KIND: "chalicelib.invoices.call_off:handle",
    "drop-pending": "chalicelib.connection.switch:handle",
    "check-connection": "chalicelib.connection.particulars:handle",
    "keep-grant": "chalicelib.connection.keep_alive:handle",
    "connection-lost": "chalicelib.mail.connection_lost:handle",
    NUMBER_EVENTS: "chalicelib.events.number:handle",
    DELIVER_EVENTS: "chalicelib.events.deliver:handle",
    "endpoint-disabled": "chalicelib.mail.endpoint_disabled:handle",
    "end-connection": "chalicelib.connection.disconnect:handle",
}

ON_CONNECT = (REFRESH_CODES,)
"""What is asked for whenever an organisation is connected; the job's name is its kind."""

CANCELLABLE = frozenset(
    {
        "import-clients",
        "import-codes",
        "look-at-time-records",
        "import-time-records",
        "sync-status",
        "export-audit",
        "month-end",
    }
)
"""What can stop between any two of its steps and be asked for again later.

The others have begun something in Xero or in the books here that has to be brought to an end.
"""


class Purpose(StrEnum):
    """What a call to Xero is made for, as the count of calls tells it."""

    IMPORT = "import"
    SEND = "send"
    EXTRAS = "extras"
    STATUS = "status"
    KEEP_ALIVE = "keep-alive"
    OTHER = "other"


PURPOSES = {
    "import-clients": Purpose.IMPORT,
    "import-codes": Purpose.IMPORT,
    REFRESH_CODES: Purpose.IMPORT,
    "send-invoices": Purpose.SEND,
    "void-invoice": Purpose.SEND,
    "credit-invoice": Purpose.SEND,
    "look-at-revision": Purpose.SEND,
    "write-revision": Purpose.SEND,
    "resolve-invoice": Purpose.SEND,
    INVOICE_EXTRAS: Purpose.EXTRAS,
    "fetch-online-link": Purpose.EXTRAS,
    "fetch-pdf": Purpose.EXTRAS,
    STATUS_KIND: Purpose.STATUS,
    "sync-invoice": Purpose.STATUS,
    "accept-drift": Purpose.STATUS,
    "look-at-credits": Purpose.STATUS,
    "month-end": Purpose.STATUS,
    "check-connection": Purpose.KEEP_ALIVE,
}
"""Of the kinds that call Xero; what is not here counts as other."""


def purpose_of(kind: str) -> Purpose:
    """What jobs of this kind call Xero for."""
    return PURPOSES.get(kind, Purpose.OTHER)
