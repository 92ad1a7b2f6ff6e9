"""The link from a tenant to one organisation in Xero: consent, tokens, health, and its end.

Tokens belong to a Xero user, not to a tenant: one *grant* per user, shared by the tenants whose
connections use it, and reached only through such a connection.
"""
