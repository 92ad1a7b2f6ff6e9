from tests.invoices.conftest import one_invoice

__all__ = ["one_invoice"]
