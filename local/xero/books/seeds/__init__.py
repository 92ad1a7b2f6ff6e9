"""Plants books like those of Xero's demo companies."""

from local.xero.books.seeds.plant import plant

__all__ = ["plant"]
