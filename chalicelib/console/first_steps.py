"""The way from a new tenant to its first invoice, and how far it has got."""

from dataclasses import dataclass

from chalicelib.connection.model import Connection


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, where it is done, and whether it was."""

    title: str
    sentence: str
    path: str
    label: str
    done: bool


def steps(connection: Connection, *, invoiced: bool) -> tuple[Step, ...]:
    """All steps in order; what comes after the first invoice is not looked up any more."""
    from chalicelib.reference import mapping, store
    from chalicelib.work import clients, projects

    tenant_id = connection.tenant_id
    chosen = mapping.get(tenant_id)
    has_codes = bool(chosen.account_code) or bool(store.accounts(tenant_id))
    return (
        Step(
            "Connect to Xero",
            "Allow Workbill to work with one organisation.",
            "/settings/xero",
            "Connect",
            connection.live,
        ),
        Step(
            "Bring in clients, accounts and tax rates",
            "They come from Xero, so that nothing is typed twice.",
            "/settings/xero",
            "Import",
            has_codes and bool(clients.listing(tenant_id, limit=1).items),
        ),
        Step(
            "Choose default codes",
            "The account and the tax rate that work is billed under.",
            "/settings/codes",
            "Choose",
            bool(chosen.account_code and chosen.tax_type),
        ),
        Step(
            "Add work",
            "A project with its tasks and rates, and time by hand, by CSV or by the API.",
            "/projects",
            "Add",
            invoiced or bool(projects.listing(tenant_id, limit=1).items),
        ),
        Step(
            "Make an invoice",
            "See every line and the totals, then send it by one click.",
            "/invoices",
            "Make",
            invoiced,
        ),
    )
