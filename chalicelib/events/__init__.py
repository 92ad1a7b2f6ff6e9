"""Telling other programs what happened: a numbered log per tenant, and signed webhooks of it.

A change and what it tells are stored in one transaction, in an *outbox* row that has no number
yet. A job of the tenant's own lane gives the numbers, in order and without gaps, and a job of
each endpoint's own lane posts what is new. So a receiver that is slow, or a crash at any point,
delays no invoice, loses nothing, and at worst tells something twice under the same id.
"""
