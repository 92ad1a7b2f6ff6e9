"""What the kinds of work are called on pages."""

NAMES = {
    "import-clients": "Import of clients",
    "link-client": "Links to Xero",
    "create-contact": "A new contact in Xero",
    "watch-clients": "Clients by themselves",
    "import-codes": "Import of codes",
    "refresh-codes": "Daily look at codes",
    "look-at-time-records": "Look through a file of time",
    "import-time-records": "Import of a file of time",
    "take-back-time-records": "Taking back a file of time",
    "build-invoice": "Making an invoice",
    "make-occurrence": "Making an invoice of a billing plan",
    "discard-invoice": "Discarding a draft",
    "release-lines": "Giving back the work of removed lines",
    "send-invoices": "Sending invoices",
    "invoice-extras": "What is done once an invoice is sent",
    "fetch-online-link": "Fetching the link of an invoice",
    "fetch-pdf": "Fetching the PDF of an invoice",
    "void-invoice": "Taking back an invoice",
    "credit-invoice": "Crediting an invoice",
    "look-at-credits": "Looking at credit notes in Xero",
    "put-work-back": "Putting work back on an invoice",
    "redraft-invoice": "Making a fresh draft",
    "look-at-revision": "Comparing a change with Xero",
    "write-revision": "Writing a change to Xero",
    "resolve-invoice": "Settling what became of an invoice",
    "accept-drift": "Taking over what Xero has",
    "month-end": "Working a month out",
    "sync-status": "Look at what changed in Xero",
    "sync-invoice": "Look at one invoice in Xero",
    "export-audit": "Export of the activity trail",
    "call-off": "Calling off what waited",
    "check-connection": "Check of the connection",
    "drop-pending": "Closing what was not confirmed",
    "keep-grant": "Renewing the permission",
    "connection-lost": "Word of a lost connection",
    "number-events": "Keeping what is told to endpoints",
    "deliver-events": "Webhooks to an endpoint",
    "endpoint-disabled": "Word of a disabled endpoint",
    "end-connection": "Disconnecting from Xero",
}


def name(kind: str) -> str:
    """In a few words; a kind that is not known here by its own name."""
    return NAMES.get(kind, kind.replace("-", " ").capitalize())
