"""The shapes of what Xero answers, as far as they are used.

Every field has a default, for Xero leaves out and nulls freely; what is not named here is
ignored; enumerations are plain text, because Xero adds to them without notice. Amounts are
Decimal; a total is None when Xero did not give it, never a zero that it did not say.
"""
