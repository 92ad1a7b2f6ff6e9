"""The books of one organisation, and what a person at Xero's own screen may do to them."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from local.xero.books.credits import Credits
from local.xero.books.errors import Refused
from local.xero.books.records import Record
from local.xero.books.setup import Setup

_EXACT = 4  # the screen keeps unit prices at four decimals


class Books(Setup):
    """Acts are by id and raise Refused (NotFound for an unknown id)."""

    @staticmethod
    def seeded(
        country: str, *, name: str, now: Callable[[], datetime], contacts: int = 0
    ) -> "Books":
        """Books like those of Xero's demo company of NZ, AU, UK (or GB), US or IE.

        Ids are the same for the same name. `contacts` adds that many generated ones.
        """
        from local.xero.books.seeds import plant

        return plant(country, name=name, now=now, contacts=contacts)

    def list_invoices(self) -> list[Record]:
        """Every invoice, the most recently changed first."""
        return sorted(
            self.invoices.all(), key=lambda i: (i["UpdatedDateUTC"], i["InvoiceID"]), reverse=True
        )

    def get_invoice(self, invoice_id: str) -> Record:
        return self.invoices.get(invoice_id)

    def notes(self, invoice_id: str) -> list[str]:
        """What people and apps noted on an invoice, newest first."""
        entries = self.history.of(invoice_id)
        return [entry["Details"] for entry in entries if entry["Changes"] == "Note"]

    def approve(self, invoice_id: str) -> None:
        """Approves a draft or submitted invoice; a missing due date becomes its date."""
        invoice = self.invoices.get(invoice_id)
        sent: Record = {"Status": "AUTHORISED"}
        if "DueDate" not in invoice:
            sent["DueDate"] = invoice["Date"]
        self.invoices.update(invoice, sent, _EXACT)

    def pay(
        self,
        invoice_id: str,
        amount: Decimal | None,
        day: date,
        account_code: str | None = None,
    ) -> str:
        """Pays an amount, or all that is due, from the first bank account; the payment's id."""
        invoice = self.invoices.get(invoice_id)
        payment = self.payments.create(
            {
                "Invoice": {"InvoiceID": invoice["InvoiceID"]},
                "Account": {"Code": account_code or self._bank(invoice)},
                "Amount": invoice["AmountDue"] if amount is None else amount,
                "Date": day,
            }
        )
        return str(payment["PaymentID"])

    def delete_payment(self, payment_id: str) -> None:
        self.payments.delete(self.payments.get(payment_id))

    def credit(self, invoice_id: str, amount: Decimal | None, day: date) -> str:
        """Credits an invoice by an amount, or by all that is due; the credit note's id."""
        invoice = self.invoices.get(invoice_id)
        wanted = invoice["AmountDue"] if amount is None else amount
        line = next((one for one in invoice["LineItems"] if one.get("AccountCode")), {})
        note = self.credit_notes.create(
            {
                "Type": "ACCRECCREDIT" if invoice["Type"] == "ACCREC" else "ACCPAYCREDIT",
                "Status": "AUTHORISED",
                "Contact": {"ContactID": invoice["Contact"]["ContactID"]},
                "Date": day,
                "CurrencyCode": invoice["CurrencyCode"],
                "LineAmountTypes": "Inclusive",
                "LineItems": [
                    {
                        "Description": f"Credit for {invoice['InvoiceNumber']}",
                        "Quantity": Decimal(1),
                        "UnitAmount": wanted,
                        "AccountCode": line.get("AccountCode", ""),
                        "TaxType": line.get("TaxType", self.no_tax_type),
                    }
                ],
            },
            _EXACT,
        )
        self._spend(self.credit_notes, note, invoice, wanted, day)
        return str(note["CreditNoteID"])

    def receive(
        self, kind: str, invoice_id: str, amount: Decimal, day: date, *, allocate: bool
    ) -> str:
        """A prepayment or an overpayment by the invoice's customer; the id of the credit.

        ``allocate`` spends on the invoice at once what it still takes.
        """
        invoice = self.invoices.get(invoice_id)
        advances = {"prepayment": self.prepayments, "overpayment": self.overpayments}[kind]
        credit = advances.receive(
            invoice["Contact"], amount, day, currency=invoice["CurrencyCode"]
        )
        if allocate:
            self._spend(advances, credit, invoice, min(amount, invoice["AmountDue"]), day)
        return str(credit[advances.kind.id_field])

    def take_back_credit(self, invoice_id: str, allocation_id: str) -> None:
        """Undoes one allocation to an invoice."""
        invoice = self.invoices.get(invoice_id)
        for one in list(invoice["allocations"]):
            for ledger in self.credits():
                if one["AllocationID"] == allocation_id and ledger.kind.name in one:
                    ledger.take_back(one[ledger.kind.name], allocation_id)
                    return
        raise Refused([f"Allocation {allocation_id} was not found."])

    def void(self, invoice_id: str) -> None:
        self.invoices.update(self.invoices.get(invoice_id), {"Status": "VOIDED"}, _EXACT)

    def delete(self, invoice_id: str) -> None:
        self.invoices.update(self.invoices.get(invoice_id), {"Status": "DELETED"}, _EXACT)

    def edit(self, invoice_id: str, **changes: object) -> None:
        """Changes fields by Xero's names (Reference, DueDate, LineItems...)."""
        self.invoices.update(self.invoices.get(invoice_id), changes, _EXACT)

    def archive_contact(self, contact_id: str) -> None:
        self.update_contact(self.contacts.get(contact_id), {"ContactStatus": "ARCHIVED"})

    def restore_contact(self, contact_id: str) -> None:
        self.update_contact(self.contacts.get(contact_id), {"ContactStatus": "ACTIVE"})

    def erase_contact(self, contact_id: str) -> None:
        """Does what a person may demand by law: the contact stays, what it says of them goes."""
        blank: Record = {"FirstName": "", "LastName": "", "EmailAddress": "", "TaxNumber": ""}
        blank |= {"ContactPersons": [], "ContactStatus": "GDPRREQUEST"}
        self.update_contact(self.contacts.get(contact_id), blank)

    def plant_contact(self, **fields: object) -> str:
        """A contact with any fields, checked by no rule; its id."""
        planted = self.contacts.plant(fields, self.stamp())
        return str(planted["ContactID"])

    def vanish_contact(self, contact_id: str) -> None:
        """The contact is no longer listed, though none can be deleted; nobody is told."""
        self.contacts.vanish(self.contacts.get(contact_id))

    def rename_contact(self, contact_id: str, name: str) -> None:
        self.update_contact(self.contacts.get(contact_id), {"Name": name})

    def merge_contacts(self, loser: str, winner: str) -> None:
        """Moves the loser's documents to the winner and archives the loser.

        No UpdatedDateUTC moves: a merge is one of the blind spots of If-Modified-Since.
        """
        losing, winning = self.contacts.get(loser), self.contacts.get(winner)
        self.contacts.merge(losing, winning)
        for invoice in list(self.invoices.of_contact(losing["ContactID"])):
            self.invoices.refile(invoice, winning)
        for credit in (credit for ledger in self.credits() for credit in ledger.all()):
            if credit["Contact"] is losing:
                credit["Contact"] = winning
        for flag in ("IsCustomer", "IsSupplier"):
            winning[flag] = winning[flag] or losing[flag]
        self.tell("CONTACT", "UPDATE", losing["ContactID"])

    @staticmethod
    def _spend(
        ledger: Credits, credit: Record, invoice: Record, amount: Decimal, day: date
    ) -> None:
        named = {"InvoiceID": invoice["InvoiceID"]}
        ledger.allocate(credit, {"Invoice": named, "Amount": amount, "Date": day})

    def _bank(self, invoice: Record) -> str:
        fitting = {self.organisation["BaseCurrency"], invoice["CurrencyCode"]}
        for account in self.accounts.all():
            if (
                account["Type"] == "BANK"
                and account["Status"] == "ACTIVE"
                and account["CurrencyCode"] in fitting
                and account.get("Code")
            ):
                return str(account["Code"])
        raise Refused(["There is no bank account to pay to."])
