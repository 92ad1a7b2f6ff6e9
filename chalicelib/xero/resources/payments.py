"""Payments on sales invoices; Xero sends no webhook for them."""

from datetime import datetime

from chalicelib.xero.caller import LARGEST_PAGE, Caller, Page
from chalicelib.xero.wire.payment import Payment

ON_SALES_INVOICES = {"where": 'PaymentType=="ACCRECPAYMENT"'}


class PaymentCalls(Caller):
    """Reads of payments."""

    def payments_changed_since(
        self, moment: datetime | None, page: int = 1, *, page_size: int = LARGEST_PAGE
    ) -> Page[Payment]:
        """One page of payments changed since, those taken back (DELETED) included."""
        return self._page(
            Payment,
            "Payments",
            ON_SALES_INVOICES,
            page=page,
            page_size=page_size,
            modified_since=moment,
        )
