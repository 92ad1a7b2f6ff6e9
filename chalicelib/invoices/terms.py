"""What work and manual lines are billed at: price, codes and tracking as they stand now."""

from dataclasses import replace
from decimal import Decimal
from functools import cached_property

from chalicelib.errors import InvalidInput
from chalicelib.invoices import totals
from chalicelib.invoices.build import Terms
from chalicelib.invoices.by_hand import Desk
from chalicelib.invoices.line import LineAmountTypes, Tracked
from chalicelib.invoices.model import Invoice
from chalicelib.reference import choices, mapping
from chalicelib.reference.layers import SILENT, Chosen, Codes, LineCodes, Lists, Spot
from chalicelib.reference.resolve import resolve
from chalicelib.work.materials.model import Material
from chalicelib.work.model import Client, Task, TimeRecord
from chalicelib.work.rates.price import Priced, PriceFrom
from chalicelib.work.rates.prices import Prices


class Known:
    """A client's mapping and prices, each list read once and only when it is needed."""

    def __init__(self, tenant_id: str, client: Client) -> None:
        self._tenant_id = tenant_id
        self._client = client
        self._codes: dict[Spot, LineCodes] = {}
        self.prices = Prices(tenant_id)

    @cached_property
    def chosen(self) -> Chosen:
        """The mapping as chosen."""
        return choices.load(self._tenant_id)

    @cached_property
    def lists(self) -> Lists:
        """What it was chosen from."""
        return mapping.lists(self._tenant_id)

    def registered(self, invoice: Invoice) -> Invoice:
        """The invoice without any tax where the organisation is not registered for it."""
        if self.lists.pays_tax:
            return invoice
        return replace(invoice, line_amount_types=LineAmountTypes.NO_TAX)

    def codes(
        self,
        *,
        project_id: str = "",
        task_id: str = "",
        rate_id: str = "",
        line: Codes = SILENT,
        exact: bool = False,
    ) -> LineCodes:
        """What a line of this client gets, and which layer says so."""
        spot = Spot(
            client_id=self._client.client_id,
            project_id=project_id,
            task_id=task_id,
            rate_id=rate_id,
            line=line,
            exact=exact,
            contact=contact_codes(self._client),
        )
        if spot not in self._codes:
            self._codes[spot] = resolve(self.chosen, spot, self.lists)
        return self._codes[spot]

    def percent_of(self, tax_type: str) -> Decimal:
        """The percentage of a tax rate, zero for one that is not known."""
        rate = self.lists.tax_rates.get(tax_type)
        return totals.percentage(rate.components, rate.effective_rate) if rate else Decimal(0)

    def of_record(self, task: Task, record: TimeRecord) -> Terms:
        """The terms of a time record; raises InvalidInput where it has no price."""
        priced = self.prices.of_record(task, record)
        return self.terms(priced, project_id=task.project_id, task_id=task.task_id)

    def of_material(self, material: Material) -> Terms:
        """The terms of a material; raises InvalidInput where it has no price."""
        return self.terms(self.prices.of_material(material), project_id=material.project_id)

    def of_price(self, project_id: str, price: Decimal) -> Terms:
        """The terms of a part of a project's fixed price."""
        return self.terms(Priced(price, PriceFrom.NONE), project_id=project_id)

    def terms(self, priced: Priced, *, project_id: str = "", task_id: str = "") -> Terms:
        """The terms of work at a price; raises InvalidInput where there is none."""
        if priced.amount is None:
            raise InvalidInput(priced.problem, field="project_ids")
        found = self.codes(project_id=project_id, task_id=task_id, rate_id=priced.rate_id)
        return Terms(
            unit_price=priced.amount,
            account_code=found.account_code,
            tax_type=found.tax_type,
            tax_percent=self.percent_of(found.tax_type),
            tracking=_frozen(found),
        )

    def desk(self, project_id: str = "") -> Desk:
        """What lines by hand are held against."""

        def codes_of(line: Codes, exact: bool) -> LineCodes:  # noqa: FBT001  as Desk calls it
            return self.codes(project_id=project_id, line=line, exact=exact)

        return Desk(self.lists, codes_of, self.percent_of)


def contact_codes(client: Client) -> Codes:
    """What the client's contact has in Xero, which counts if the tenant chose so."""
    return Codes(client.account_code or "", client.tax_type or "")


def _frozen(found: LineCodes) -> tuple[Tracked, ...]:
    return tuple(
        Tracked(entry.category_id, entry.option_id, entry.category, entry.option)
        for entry in found.tracking
    )
