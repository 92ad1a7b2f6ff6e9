"""The same tenant ready to bill as the tests of invoices have."""

from tests.invoices.conftest import business

__all__ = ["business"]
