"""The organisation and its codes. None of these lists is paged; most cannot be read in part."""

from datetime import datetime

from chalicelib.xero.caller import Caller
from chalicelib.xero.wire.base import elements, single
from chalicelib.xero.wire.codes import (
    Account,
    BrandingTheme,
    Currency,
    TaxRate,
    TrackingCategory,
)
from chalicelib.xero.wire.organisation import Action, Organisation


class SettingsCalls(Caller):
    """Reads of what an organisation has set up."""

    def organisation(self) -> Organisation:
        """The organisation itself; Xero does not charge for this call, so it shows we are in."""
        return single(Organisation, self._read("/Organisation"), "Organisations")

    def actions(self) -> dict[str, bool]:
        """What the plan and the connected person's role allow, by Xero's name of the act."""
        tree = self._read("/Organisation/Actions")
        listed = [Action.read(element) for element in elements(tree, "Actions")]
        return {action.name: action.allowed for action in listed}

    def accounts(self, modified_since: datetime | None = None) -> tuple[Account, ...]:
        """The chart of accounts, archived ones included."""
        return self._list(Account, "Accounts", modified_since=modified_since)

    def tax_rates(self) -> tuple[TaxRate, ...]:
        """All tax rates, those no longer in use included."""
        return self._list(TaxRate, "TaxRates")

    def tracking_categories(
        self, *, include_archived: bool = True
    ) -> tuple[TrackingCategory, ...]:
        """The tracking categories with their options."""
        query = {"includeArchived": "true"} if include_archived else {}
        return self._list(TrackingCategory, "TrackingCategories", query)

    def currencies(self) -> tuple[Currency, ...]:
        """The currencies subscribed to; one only where the plan has no more."""
        return self._list(Currency, "Currencies")

    def branding_themes(self) -> tuple[BrandingTheme, ...]:
        """The looks for documents."""
        return self._list(BrandingTheme, "BrandingThemes")
