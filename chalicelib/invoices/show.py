"""What people see before an invoice is sent: the exact body, its sums, and what is wrong."""

from dataclasses import dataclass, replace
from decimal import Decimal

from chalicelib import wiring
from chalicelib.invoices import approval, facts, numbering, payload, preflight, send, totals
from chalicelib.invoices.line import Totals
from chalicelib.invoices.model import SENDABLE, Invoice, Problem, SendAs
from chalicelib.invoices.preflight import Facts

LIVE_AGAIN = "live_again"
SAY = "Say below what is to become of it."


@dataclass(frozen=True, slots=True)
class WouldSend:
    """The body as it would be sent now, the totals Xero would work out, and every problem.

    ``approval`` given back on sending lets nothing else be sent.
    """

    body: bytes
    approval: str
    totals: Totals
    problems: tuple[Problem, ...]


def would_send(tenant_id: str, invoice: Invoice, send_as: SendAs | None = None) -> WouldSend:
    """What sending would do, with the draft's own status in Xero or another.

    The number shown is the next one, which only sending gives.
    """
    known = facts.load(tenant_id)(invoice)
    asked = replace(invoice, send_as=send_as or invoice.send_as)
    whole = _frozen(tenant_id, asked, known)
    body = payload.body([whole])
    percents = {name: fact.percent for name, fact in known.tax_rates.items()}
    return WouldSend(
        body,
        approval.of(replace(whole, number=invoice.number)),
        preflight.totals_of_body(body, percents),
        preflight.problems_of(whole, known),
    )


def problems(tenant_id: str, invoice: Invoice) -> tuple[Problem, ...]:
    """What stands in the way now: of a draft what Xero would refuse, else what is noted."""
    if invoice.state in SENDABLE:
        known = facts.load(tenant_id)(invoice)
        found = preflight.problems_of(_frozen(tenant_id, invoice, known), known)
        return (*invoice.problems, *(one for one in found if not _noted(one, invoice)))
    return (*invoice.problems, *_of_mirror(invoice))


def amounts(invoice: Invoice) -> list[Decimal]:
    """The amount of each line, as Xero rounds it."""
    return [totals.line_amount(line) for line in invoice.lines]


def _of_mirror(invoice: Invoice) -> tuple[Problem, ...]:
    found = []
    if invoice.mirror and invoice.mirror.ended:
        found.append(
            Problem(
                "ended_in_xero",
                f"This invoice was {invoice.mirror.status.lower()} in Xero." + _what_now(invoice),
                blocking=False,
            )
        )
    if invoice.mirror and invoice.taken_back and not invoice.mirror.ended:
        found.append(
            Problem(
                "credited_in_xero",
                "Credit notes took all of this invoice back." + _what_now(invoice),
                blocking=False,
            )
        )
    if invoice.mirror and invoice.released and not invoice.taken_back:
        found.append(
            Problem(
                LIVE_AGAIN,
                "The work of this invoice was released, and Xero has the invoice live again. "
                "Void it there, or make sure that nothing else bills the same work.",
                blocking=False,
            )
        )
    if invoice.mirror and invoice.difference is not None and invoice.differs:
        found.append(
            Problem(
                "totals_differ",
                f"Xero's total is {invoice.mirror.totals.total} and ours is "
                f"{invoice.totals.total}. "
                + (SAY if invoice.drift else "Void it and send it anew, or correct it in Xero."),
                "totals",
                blocking=False,
            )
        )
    elif invoice.drift and invoice.drift.open and not (invoice.mirror and invoice.mirror.ended):
        count = invoice.drift.fields
        found.append(
            Problem(
                "differs_in_xero",
                f"Xero has {count} field{'s' * (count != 1)} of it otherwise than here. {SAY}",
                blocking=False,
            )
        )
    return tuple(found)


def _what_now(invoice: Invoice) -> str:
    """Whether somebody has decided about one that has ended, and what can be chosen."""
    if invoice.left_because:
        return f" {invoice.left_because}"
    if not invoice.holds_work:
        return ""
    return " Its work is still on it: release it, make a fresh draft, or leave it so, below."


def _noted(problem: Problem, invoice: Invoice) -> bool:
    return any(
        noted.code == problem.code and noted.line == problem.line for noted in invoice.problems
    )


def frozen(invoice: Invoice, known: Facts, base_url: str, number: str = "") -> Invoice:
    """As it would be frozen on sending, where it is not yet; ``number`` is for one without."""
    if invoice.state not in SENDABLE:
        return invoice
    return replace(
        invoice,
        contact_id=(known.client.contact_id if known.client else None) or "",
        url=send.address(base_url, invoice.invoice_id),
        number=invoice.number or number,
    )


def _frozen(tenant_id: str, invoice: Invoice, known: Facts) -> Invoice:
    base_url = wiring.current().settings.public_base_url
    if invoice.state not in SENDABLE or invoice.number:
        return frozen(invoice, known, base_url)
    return frozen(invoice, known, base_url, numbering.load(tenant_id).take())
