"""A company whose people bill: everything that one of them may do to work and invoices.

Which record or invoice an act is about is a number, counted among those that there were when all
was last quiet. So it may be gone, changed or billed by now, as it is for people who look at a
page; what is then refused is refused with a sentence, and nothing else.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from chalicelib.dispatch import drain, store
from chalicelib.dispatch.model import tenant_lane
from chalicelib.errors import WorkbillError
from chalicelib.invoices import create, discard, edit, void
from chalicelib.invoices import store as invoices
from chalicelib.invoices.build import Grouping
from chalicelib.invoices.line import Line, Part
from chalicelib.invoices.mirror import Mirror
from chalicelib.invoices.model import Basis, InvoiceKind, InvoiceState
from chalicelib.invoices.portions import Portion, Take
from chalicelib.invoices.wanted import Deduct, NewInvoice
from chalicelib.people.caller import EVERYTHING, Caller
from chalicelib.plans import make, run
from chalicelib.plans.model import Plan
from chalicelib.plans.schedule import Every, Rule
from chalicelib.work import projects, tasks, time_records, uploads
from chalicelib.work.add_time import NewTime, add_many
from chalicelib.work.intake import take, take_back
from chalicelib.work.intake.answers import Answers
from chalicelib.work.materials import add as materials
from chalicelib.work.materials import change as materials_change
from chalicelib.work.materials.add import NewMaterial
from chalicelib.work.time_records import Facts
from tests.invoices.conftest import ORGANISATION, TENANT, seed

PRICE = Decimal("1000.00")
FIRST = date(2026, 11, 16)
LANES = (tenant_lane(TENANT), ORGANISATION)
HEADER = "User,Client,Project,Task,Description,Billable,Start date,Duration\n"

T = TypeVar("T")


@dataclass(frozen=True)
class Act:
    """Something that a person does; the numbers say to what, and how."""

    name: str
    which: int
    how: int


@dataclass
class Company:
    """One tenant, and what there was of work and invoices when all was last quiet.

    ``removable`` are the records and materials that somebody wanted away.
    """

    aws: Any
    people: tuple[Caller, ...] = ()
    records: list[str] = field(default_factory=list)
    materials: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    invoices: list[str] = field(default_factory=list)
    imports: list[str] = field(default_factory=list)
    removable: set[str] = field(default_factory=set)
    taken_back: bool = False

    def __post_init__(self) -> None:
        self.client_id = seed()
        self.people = tuple(
            Caller(TENANT, f"user:{name}", name, EVERYTHING) for name in ("Ann", "Bo")
        )
        site = projects.create(TENANT, self.client_id, "Website", currency="NZD")
        fixed = projects.create(
            TENANT, self.client_id, "Fixed", currency="NZD", kind="fixed_price", price=PRICE
        )
        self.projects = (site.project_id, fixed.project_id)
        self.tasks = (
            tasks.create(TENANT, site.project_id, "Design", rate="120.00").task_id,
            tasks.create(TENANT, site.project_id, "Talk", rate="33.3333").task_id,
            tasks.create(TENANT, fixed.project_id, "Build", rate="90.00").task_id,
        )
        self._bill(
            self.people[0],
            basis=Basis.BLANK,
            kind=InvoiceKind.DEPOSIT,
            lines=(Line("Deposit", Decimal(1), Decimal("99.99")),),
        )
        (deposit,) = invoices.listing(TENANT, limit=5).items
        self.deposit_id = deposit.invoice_id
        self.invoices = [self.deposit_id]
        self.send(self.people[0], 0, 0)
        self.invoices = []
        weekly = Plan("", self.client_id, "", "", "", rule=Rule(Every.WEEK, FIRST))
        make.make(self.people[0], replace(weekly, project_id=self.projects[0]))
        for number in range(3):
            self.track(self.people[0], number, number)
        self.bill_project(self.people[0], 1, 1)

    def do(self, act: Act, person: int) -> None:
        """Let somebody do it; what is refused is refused as people are told so."""
        with suppress(WorkbillError):
            getattr(self, act.name)(self.people[person], act.which, act.how)

    def work(self, *_: Any) -> None:
        """A worker does what is due."""
        until = self.aws.clock.now() + timedelta(seconds=20)
        for lane in LANES:
            drain.drain(lane, deadline=until)

    def rest(self) -> None:
        """Time passes until nothing is left to be done."""
        for _ in range(12):
            self.aws.clock.advance(minutes=2)
            self.work()
            if not any(store.open_jobs(lane) for lane in LANES):
                return
        raise AssertionError("There is no end to the work.")

    def week(self, *_: Any) -> None:
        """A week later the plan is due."""
        self.aws.clock.advance(days=7)
        run.run()
        self.work()

    def track(self, _who: Caller, which: int, how: int) -> None:
        add_many(TENANT, [self._time(which + n, how) for n in range(1 + which % 4)])

    def resend(self, _who: Caller, which: int, how: int) -> None:
        """What another system sends every night."""
        new = self._time(which, how)
        add_many(TENANT, [replace(new, external_id=f"theirs-{which % 3}")])

    def use(self, _who: Caller, which: int, how: int) -> None:
        facts = {"date": FIRST, "name": f"Cable {which % 2}", "quantity": "1.5"}
        project_id = self.projects[which % 2]
        materials.add(TENANT, NewMaterial(project_id, {**facts, "price": f"{how % 9}.3333"}))

    def correct(self, _who: Caller, which: int, how: int) -> None:
        record_id = pick(self.records, which)
        changes: Sequence[dict[str, Any]] = (
            {"minutes": 1 + how % 600},
            {"task_id": pick(self.tasks, how)},
            {"billable": how % 2 == 0},
        )
        time_records.change(TENANT, record_id, **pick(changes, how))

    def delete(self, _who: Caller, which: int, _how: int) -> None:
        record_id = pick(self.records, which)
        self.removable.add(record_id)
        time_records.delete(TENANT, record_id)

    def delete_material(self, _who: Caller, which: int, _how: int) -> None:
        material_id = pick(self.materials, which)
        self.removable.add(material_id)
        materials_change.delete(TENANT, material_id)

    def import_file(self, who: Caller, which: int, _how: int) -> None:
        """Two equal rows and one that an earlier file may have brought."""
        upload = uploads.make(TENANT)
        row = "Ann,Hill Ltd,Website,Design,{},Yes,2026-11-17,0:50:00\n"
        content = HEADER + row.format("Icons") * 2 + row.format(f"Fonts {which % 2}")
        self.aws.wiring.s3.put_object(
            Bucket="test-uploads", Key=upload.fields["key"], Body=content.encode()
        )
        self.imports.append(upload.import_id)
        take.start(who, upload.import_id, Answers())

    def take_back(self, who: Caller, which: int, _how: int) -> None:
        import_id = pick(self.imports, which)
        self.taken_back = True
        take_back.start(who, import_id)

    def bill_time(self, who: Caller, which: int, how: int) -> None:
        self._bill(who, basis=Basis.TRACKED_TIME, grouping=pick(list(Grouping), which + how))

    def bill_project(self, who: Caller, which: int, how: int) -> None:
        values = {Take.PERCENT: Decimal(5 + how % 60), Take.AMOUNT: Decimal("333.33")}
        part = pick((Take.PERCENT, Take.AMOUNT, Take.REST, Take.FULL), which)
        self._bill(
            who,
            basis=Basis.PROJECT,
            portions=(Portion(self.projects[1], "", part, values.get(part)),),
            project_ids=self.projects if which % 3 else self.projects[1:],
            deduct=(Deduct(self.deposit_id),) if how % 2 else (),
        )

    def edit(self, who: Caller, which: int, how: int) -> None:
        invoice = invoices.get(TENANT, pick(self.drafts, which))
        lines = list(invoice.lines)
        place = how % len(lines) if lines else 0
        drawn = [n for n, line in enumerate(lines) if line.work and line.work.drawn]
        changes: list[dict[str, Any]] = [
            {"lines": lines[:place] + lines[place + 1 :]},
            {"lines": [line for line in lines if line.part is not Part.DEDUCTION]},
            {"deduct": [Deduct(self.deposit_id, Decimal(1 + how % 90))]},
            {"discount_percent": Decimal(how % 40)},
        ]
        if drawn:
            lines[drawn[0]] = replace(lines[drawn[0]], unit_price=Decimal(how * 7 + 1))
            changes.append({"lines": lines})
        edit.change(who, invoice.invoice_id, invoice.version, pick(changes, how))

    def discard(self, who: Caller, which: int, _how: int) -> None:
        discard.start(who, pick(self.drafts, which))

    def send(self, _who: Caller, which: int, _how: int) -> None:
        """It arrives in Xero; how, is not the matter here."""
        invoice = invoices.get(TENANT, pick(self.invoices, which))
        if invoice.state is InvoiceState.DRAFT:
            mirror = Mirror(f"xero-{invoice.invoice_id}", "AUTHORISED", totals=invoice.totals)
            sent = replace(invoice, state=InvoiceState.SENT, number="INV-1", mirror=mirror)
            invoices.save(TENANT, sent)

    def void(self, who: Caller, which: int, how: int) -> None:
        """Somebody voids it in Xero; then it may be released here."""
        invoice = invoices.get(TENANT, pick(self.invoices, which))
        if invoice.mirror is None:
            return
        if not invoice.mirror.ended:
            ended = replace(invoice.mirror, status="VOIDED")
            invoices.save(TENANT, replace(invoice, mirror=ended))
        void.start(who, invoice.invoice_id, reason="Slip", release=how % 4 > 0)

    def _time(self, which: int, how: int) -> NewTime:
        facts = Facts(FIRST + timedelta(days=which % 10), 1 + (how * 13 + which) % 300)
        return NewTime(pick(self.tasks, which), facts)

    def _bill(self, who: Caller, **facts: Any) -> None:
        create.start(who, NewInvoice(client_id=self.client_id, **facts))


ACTS = (
    *("track", "track", "resend", "use", "correct", "delete", "delete_material", "import_file"),
    *("take_back", "bill_time", "bill_time", "bill_project", "bill_project", "bill_project"),
    *("edit", "edit", "edit", "edit", "discard", "discard", "send", "void", "void", "week"),
)
"""What people do, as often as they are to do it."""


def pick(among: Sequence[T], number: int) -> T:
    """One of several by a number; raises NotFound where there is none."""
    from chalicelib.errors import NotFound

    if not among:
        raise NotFound("There is nothing to choose from.")
    return among[number % len(among)]
