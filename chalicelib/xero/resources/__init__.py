"""The calls of the accounting API, by what they are about."""
