"""The journey, step by step: from nothing to PAID, by click, by webhook and by schedule."""

import csv
import io
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from local.demo.counted import Account
from local.demo.person import LostError, Person, code_now
from local.demo.program import Program

TIME_RECORDS = Path(__file__).parent / "toggl_detailed.csv"
ORGANISATION = "Demo Company (NZ)"
XERO_EMAIL = "demo@xero.test"
XERO_PASSWORD = "demo"  # noqa: S105  the local Xero's own, printed on its sign-in page


@dataclass
class Journey:
    """Everything the steps share. ``demo`` is what ``.local/demo.json`` holds.

    ``hurry`` is called where nothing is left to do but wait for the schedule.
    """

    demo: dict[str, str]
    account: Account
    organisation: str = ORGANISATION
    xero_email: str = XERO_EMAIL
    person: Person = field(default_factory=Person)
    run: str = field(default_factory=lambda: datetime.now(UTC).strftime("%Y%m%d%H%M%S"))
    hurry: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        """Give the program its key."""
        self.program = Program(self.demo["base_url"], self.demo["api_key"])

    def walk(self) -> None:
        """Every step in order; raises at the first that is not as promised."""
        self.sign_in()
        self.connect()
        self.import_reference()
        self.choose_codes()
        self.bring_in_time()
        first = self.invoice_tracked_time()
        self.send(first)
        self.paid_by_webhook(first)
        second = self.make_and_send_in_one_call()
        self.paid_by_click(second)
        third = self.make_and_send_in_one_call()
        self.paid_by_schedule(third)
        self.nothing_unexpected()

    def sign_in(self) -> None:
        """The person's way in: password, then the second factor."""
        with self.account.step("Sign in with password") as said:
            self.person.open(self.demo["base_url"] + "/sign-in")
            self.person.press("Sign in", email=self.demo["email"], password=self.demo["password"])
            said.append(self.demo["email"])
        with self.account.step("Second factor") as said:
            self.second_factor()
            said.append(f"at {self.person.address}")

    def second_factor(self) -> None:
        """Answer the code page; a code is taken once, so a used one waits for the next."""
        for _ in range(3):
            with suppress(LostError):  # A used code is refused; the page asks again.
                self.person.press("Verify", code=code_now(self.demo["totp_secret"]))
            if "/second-factor" not in self.person.address:
                return
            time.sleep(31 - time.time() % 30)
        raise LostError(f"The second factor was refused: {self.person.words[:300]}")

    def connect(self) -> None:
        """Consent in Xero and come back connected; an earlier connection is ended first."""
        if self.program.get("/connection")["state"] == "active":
            with self.account.step("Disconnect, to show connecting") as said:
                self.program.delete("/connection")
                said.append(self._eventually("/connection", "state", "disconnected"))
        with self.account.step("Connect to Xero") as said:
            self.person.open(self.demo["base_url"] + "/settings/xero")
            self._consent()
            connection = self.program.get("/connection")
            if connection["state"] != "active":
                raise LostError(f"Not connected: {self.person.words[:400]}")
            said.append(f"connected to {connection['organisation_name']}")
            said.append(self._first_read(connection["organisation_id"]))

    def _first_read(self, organisation_id: str, seconds: float = 60) -> str:
        """What lines point at comes in by itself, once there is a connection."""
        deadline = time.monotonic() + seconds
        while True:
            job = self.program.get(f"/jobs/refresh-codes.{organisation_id}")
            if job["progress"]["total"]:
                return f"{job['progress']['total']} codes and settings read"
            if time.monotonic() > deadline:
                raise LostError(f"The codes did not come in: {job['message']}")
            time.sleep(0.2)

    def _consent(self) -> None:
        self.person.open(self.demo["base_url"] + "/xero/connect")
        if "/second-factor" in self.person.address:
            self.second_factor()
        if "Password" in self.person.words:
            self.person.press("Sign in", email=self.xero_email, password=XERO_PASSWORD)
        radio = next(
            label.find("input")["value"]
            for label in self.person.elements("label")
            if self.organisation in label.get_text()
        )
        self.person.press("Allow access", tenant_id=radio)

    def import_reference(self) -> None:
        """Clients, account codes and tax rates, as queued jobs with progress."""
        for title, what in (("Import clients", "clients"), ("Import codes", "codes")):
            with self.account.step(title) as said:
                job = self.program.finished(self.program.post(f"/imports/{what}"))
                said.append(_counts(job["progress"]))

    def choose_codes(self) -> None:
        """The default account code and tax rate, from the imported lists."""
        with self.account.step("Choose default codes") as said:
            account = self._first("/accounts", lambda a: a["usable"] and a["code"] == "200")
            tax = self._first(
                "/tax-rates", lambda t: t["usable"] and t["tax_type"] == account["tax_type"]
            )
            self.program.put(
                "/mapping",
                {"account_code": account["code"], "tax_type": tax["tax_type"]},
            )
            said.append(f"{account['code']} {account['name']}; {tax['name']}")

    def bring_in_time(self) -> None:
        """A CSV in Toggl's detailed format, straight to the store of uploads."""
        with self.account.step("Bring in time records from CSV") as said:
            text, rows = self._time_records()
            import_id = self.upload(text)
            job = self.program.finished(
                self.program.post(f"/imports/time-records/{import_id}/begin")
            )
            if job["progress"]["created"] != rows:
                raise LostError(f"{rows} rows became {job['progress']}")
            said.append(_counts(job["progress"]))

    def upload(self, text: str) -> str:
        """Post a file of time records where it belongs; the import is not begun."""
        start = self.program.post("/imports/time-records", {"rate": "120.00"})
        stored = requests.post(
            start["upload"]["url"],
            data=start["upload"]["fields"],
            files={"file": ("time.csv", text.encode(), "text/csv")},
            timeout=60,
            allow_redirects=False,
        )
        if stored.status_code >= 400:
            raise LostError(f"The upload was refused: {stored.status_code} {stored.text[:300]}")
        return str(start["import_id"])

    def invoice_tracked_time(self) -> dict[str, Any]:
        """A draft from one client's tracked time, shown before it is sent."""
        with self.account.step("Invoice tracked time") as said:
            client = self._clients_with_time()[0]
            invoice = self._made({"basis": "tracked_time", "client_id": client["id"]})
            said.append(_about(invoice))
            preview = self.program.post(f"/invoices/{invoice['id']}/preview")
            if preview["problems"]:
                raise LostError(f"The preview names problems: {preview['problems']}")
            self.person.open(f"{self.demo['base_url']}/invoices/{invoice['id']}")
            said.append(f"{len(invoice['lines'])} lines, shown at {self.person.address}")
            return invoice

    def send(self, invoice: dict[str, Any]) -> None:
        """One click."""
        with self.account.step("Send to Xero by one click") as said:
            self.person.open(f"{self.demo['base_url']}/invoices/{invoice['id']}")
            self.person.press("Send to Xero")
            invoice = self._eventually_sent(invoice["id"])
            said.append(f"{invoice['number']} is {invoice['status']} in Xero, {_about(invoice)}")

    def paid_by_webhook(self, invoice: dict[str, Any]) -> None:
        """Paid in Xero; Xero's webhook brings it back, nobody presses anything."""
        with self.account.step("Pay in Xero; the webhook brings PAID") as said:
            self._pay(invoice)
            said.append(self._eventually(f"/invoices/{invoice['id']}", "status", "PAID"))

    def make_and_send_in_one_call(self) -> dict[str, Any]:
        """The next client's time, made and sent by one request."""
        with self.account.step("Make and send in one call") as said:
            client = self._clients_with_time()[0]
            invoice = self._made(
                {"basis": "tracked_time", "client_id": client["id"], "send": True}
            )
            invoice = self._eventually_sent(invoice["id"])
            said.append(f"{invoice['number']} is {invoice['status']} in Xero, {_about(invoice)}")
            return invoice

    def paid_by_click(self, invoice: dict[str, Any]) -> None:
        """Paid in Xero with webhooks held back; a click fetches the status."""
        with self.account.step("Pay in Xero; a click brings PAID") as said:
            self._webhooks(paused=True)
            self._pay(invoice)
            self.person.open(f"{self.demo['base_url']}/invoices/{invoice['id']}")
            self.person.press("Sync")
            said.append(self._eventually(f"/invoices/{invoice['id']}", "status", "PAID", 20))

    def paid_by_schedule(self, invoice: dict[str, Any]) -> None:
        """Paid in Xero with webhooks held back; the minute tick finds out alone."""
        with self.account.step("Pay in Xero; the schedule brings PAID") as said:
            self._pay(invoice)
            self.hurry()
            said.append(self._eventually(f"/invoices/{invoice['id']}", "status", "PAID", 200))
            self._webhooks(paused=False)

    def nothing_unexpected(self) -> None:
        """The local Xero saw no request that Xero would not know."""
        with self.account.step("Nothing that Xero would not know") as said:
            found = self._xero("GET", "/_control/unexpected")["unexpected"]
            if found:
                raise LostError(f"Unexpected at Xero: {found[:5]}")
            said.append("none")

    def _made(self, body: dict[str, Any]) -> dict[str, Any]:
        made = self.program.post("/invoices", body)
        if "progress" in made:
            made = self.program.finished(made)["result"]
            made = self.program.get(f"/invoices/{made['invoice_id']}")
        return dict(made)

    def _eventually_sent(self, invoice_id: str) -> dict[str, Any]:
        self._eventually(f"/invoices/{invoice_id}", "state", "sent")
        return dict(self.program.get(f"/invoices/{invoice_id}"))

    def _eventually(self, path: str, name: str, value: str, seconds: float = 60) -> str:
        deadline = time.monotonic() + seconds
        while True:
            found = self.program.get(path)
            if found[name] == value:
                return value
            if time.monotonic() > deadline:
                raise LostError(
                    f"{path} has {name} {found[name]!r} after {seconds:.0f} s: {found}"
                )
            time.sleep(0.5)

    def _clients_with_time(self) -> list[dict[str, Any]]:
        unbilled = {r["client_id"] for r in self.program.all("/time-records", unbilled="true")}
        clients = [c for c in self.program.all("/clients") if c["id"] in unbilled]
        linked = [c for c in clients if c["contact_id"]]
        if not linked:
            raise LostError("No client of Xero has unbilled time.")
        return linked

    def _time_records(self) -> tuple[str, int]:
        """The file of the demo, its notes marked with this run so that it adds anew."""
        rows = list(csv.reader(io.StringIO(TIME_RECORDS.read_text(encoding="utf-8-sig"))))
        note = rows[0].index("Description")
        for row in rows[1:]:
            row[note] = f"{row[note]} [{self.run}]"
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        return out.getvalue(), len(rows) - 1

    def _first(self, path: str, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        return next(dict(item) for item in self.program.all(path) if fits(item))

    def _pay(self, invoice: dict[str, Any]) -> None:
        sent = self.program.get(f"/invoices/{invoice['id']}")
        organisation = self.program.get("/connection")["organisation_id"]
        self._xero(
            "POST",
            f"/_control/organisations/{organisation}/invoices/{sent['xero_invoice_id']}/pay",
            {},
        )

    def _webhooks(self, *, paused: bool) -> None:
        self._xero("POST", "/_control/webhooks", {"paused": paused})

    def _xero(self, method: str, path: str, body: Any = None) -> Any:
        answer = requests.request(method, self.demo["xero_url"] + path, json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()


def _counts(progress: dict[str, int]) -> str:
    """What became of everything, without what only says how far it is."""
    kept = {name: count for name, count in progress.items() if name not in {"done", "total"}}
    return ", ".join(f"{count} {name}" for name, count in kept.items() if count)


def _about(invoice: dict[str, Any]) -> str:
    return f"total {invoice['total']['amount']} {invoice['total']['currency']}"
