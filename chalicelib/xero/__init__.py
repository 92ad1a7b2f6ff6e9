"""The client of Xero's identity and accounting APIs.

It knows nothing of billing, tenants or storage: an access token and an organisation come in,
plain records and the errors of ``errors.py`` come out. Nothing is retried except reads, and
nothing is remembered between calls but the pool of connections.
"""
