"""The books of a Xero organisation: its state and its rules, with no web around them."""

from local.xero.books.books import Books
from local.xero.books.errors import NotFound, Refused

__all__ = ["Books", "NotFound", "Refused"]
