"""Contacts in Xero, and the clients they are linked to, organisation by organisation."""
