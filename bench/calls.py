"""Calls to Xero that the product makes, counted by the local Xero on the deployed stack.

The limit of each row is what the work cannot be done without: one call for each page of 1,000
contacts, one for each fifty invoices, one look at what changed.
"""

from dataclasses import dataclass

from bench.stack import CONTACTS, Stack


@dataclass(frozen=True, slots=True)
class Row:
    """Something done, the calls it made, and the fewest it could have made."""

    name: str
    calls: int
    limit: int


def measure(stack: Stack, imported: int) -> list[Row]:
    """Every row; ``imported`` is how many calls the first import made."""
    measured = _Measured(stack)
    return [
        Row(f"import of {CONTACTS:,} contacts", imported, CONTACTS // 1000),
        measured.importing_again(),
        measured.sending(),
        measured.looking(),
    ]


@dataclass
class _Measured:
    stack: Stack

    def importing_again(self) -> Row:
        program = self.stack.journey.program
        before = self.stack.last_call()
        program.finished(program.post("/imports/clients"), seconds=300)
        return Row("the same again, nothing changed", self._since(before), 1)

    def sending(self) -> Row:
        journey = self.stack.journey
        program = journey.program
        journey.import_reference()
        journey.choose_codes()
        client = next(c for c in program.get("/clients")["items"] if c["contact_id"])
        line = {"description": "Survey", "quantity": "1.5", "unit_price": "120.00"}
        body = {"basis": "blank", "client_id": client["id"], "lines": [line]}
        invoice = program.post("/invoices", body)
        before = self.stack.last_call()
        program.post(f"/invoices/{invoice['id']}/send")
        return Row("one-click send of one invoice", self._since(before), 1)

    def looking(self) -> Row:
        program = self.stack.journey.program
        program.finished(program.post("/invoices/sync"))
        before = self.stack.last_call()
        program.finished(program.post("/invoices/sync"))
        return Row("a look at statuses, nothing changed", self._since(before), 1)

    def _since(self, number: int) -> int:
        return len(self.stack.calls_since(number))
