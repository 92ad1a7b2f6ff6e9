"""Granular scopes: what each is called on the consent page and what each opens."""

READ = frozenset({"GET", "HEAD"})

WORDS = {
    "openid": "Sign you in",
    "profile": "View your name",
    "email": "View your e-mail address",
    "offline_access": "Keep access while you are away",
    "accounting.invoices": "View and manage invoices, credit notes, quotes and items",
    "accounting.payments": "View and manage payments",
    "accounting.banktransactions": "View and manage bank transactions",
    "accounting.manualjournals": "View and manage manual journals",
    "accounting.settings": "View and manage organisation settings",
    "accounting.contacts": "View and manage contacts",
    "accounting.attachments": "View and manage attachments",
    "projects": "View and manage projects",
    "accounting.journals.read": "View the general ledger",
    "paymentservices": "Manage payment services",
} | {
    f"accounting.reports.{report}.read": f"View the {words} report"
    for report, words in {
        "aged": "aged receivables and payables",
        "balancesheet": "balance sheet",
        "banksummary": "bank summary",
        "budgetsummary": "budget summary",
        "executivesummary": "executive summary",
        "profitandloss": "profit and loss",
        "trialbalance": "trial balance",
        "taxreports": "tax",
    }.items()
}
WRITABLE = frozenset(name for name, words in WORDS.items() if words.startswith("View and manage"))
WORDS |= {f"{name}.read": WORDS[name].replace("View and manage", "View") for name in WRITABLE}

# Asked for by an app for itself, never of a person.
APP_SCOPES = frozenset({"app.connections"})

SCOPES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            "Invoices",
            "CreditNotes",
            "Quotes",
            "PurchaseOrders",
            "RepeatingInvoices",
            "LinkedTransactions",
        ),
        ("accounting.invoices",),
    ),
    **dict.fromkeys(
        ("Payments", "BatchPayments", "Overpayments", "Prepayments"), ("accounting.payments",)
    ),
    **dict.fromkeys(("BankTransactions", "BankTransfers"), ("accounting.banktransactions",)),
    "ManualJournals": ("accounting.manualjournals",),
    "Journals": ("accounting.journals.read",),
    **dict.fromkeys(
        (
            "Accounts",
            "BrandingThemes",
            "Currencies",
            "InvoiceReminders",
            "Organisation",
            "TaxRates",
            "TrackingCategories",
            "Users",
        ),
        ("accounting.settings",),
    ),
    **dict.fromkeys(("Contacts", "ContactGroups"), ("accounting.contacts",)),
}


def unknown(scopes: list[str]) -> list[str]:
    """The scopes that no app of today is given; the broad ones of old are among them."""
    return [scope for scope in scopes if scope not in WORDS]


def needed(method: str, path: str) -> frozenset[str]:
    """The scopes of which a call needs one; empty for a resource that has none.

    ``path`` starts after ``/api.xro/2.0``. Items may be read with either of two scopes,
    yet writing them takes the settings one, as seen in Xero although not documented.
    """
    parts = path.strip("/").split("/")
    if "Attachments" in parts:
        return _opened(("accounting.attachments",), method)
    if parts[0] == "Items":
        read = ("accounting.invoices", "accounting.settings")
        return _opened(read if method in READ else ("accounting.settings",), method)
    return _opened(SCOPES.get(parts[0], ()), method)


def _opened(names: tuple[str, ...], method: str) -> frozenset[str]:
    if method not in READ:
        return frozenset(names)
    return frozenset(names) | {f"{name}.read" for name in names if name in WRITABLE}
