"""Where a problem of an invoice is put right, and the line that it is about."""

from dataclasses import dataclass

from chalicelib.invoices.model import EDITABLE, Invoice, Problem
from chalicelib.xero import catalogue

CODES = "/settings/codes"
CLIENTS = "/clients"
PLACES = {row[0]: row[4] for row in catalogue.CATALOGUE}
SHOWN = 80


@dataclass(frozen=True, slots=True)
class Mend:
    """A problem with the button that leads on; ``path`` is empty where only waiting helps.

    ``line`` begins with the line's number and has the start of its description; it is empty
    where the sentence itself begins with the line.
    """

    problem: Problem
    label: str
    path: str
    line: str


def mends(invoice: Invoice, problems: tuple[Problem, ...]) -> list[Mend]:
    """The problems as the invoice's page shows them."""
    return [Mend(one, *_way(invoice, one), _line(invoice, one)) for one in problems]


def _way(invoice: Invoice, problem: Problem) -> tuple[str, str]:
    place = PLACES.get(problem.code, "")
    if problem.place == CLIENTS:
        place = catalogue.CLIENT
    elif problem.place:
        words = "Open tax & account codes" if problem.place.startswith(CODES) else "Put it right"
        return words, problem.place
    ways = {
        catalogue.CLIENT: ("Open the client", f"{CLIENTS}/{invoice.client_id}"),
        catalogue.MAPPING: ("Open tax & account codes", CODES),
        catalogue.XERO: ("Look at the connection to Xero", "/settings/xero"),
    }
    if invoice.state in EDITABLE:
        edit = f"/invoices/{invoice.invoice_id}/edit"
        ways[catalogue.INVOICE] = ("Edit the invoice", edit)
    return ways.get(place, ("", ""))


def _line(invoice: Invoice, problem: Problem) -> str:
    if not problem.line or problem.sentence.startswith(f"Line {problem.line}:"):
        return ""
    lines = invoice.lines[problem.line - 1 : problem.line]
    said = lines[0].description.partition("\n")[0] if lines else ""
    return f"Line {problem.line}" + (f": {said[:SHOWN]}" if said else "")
