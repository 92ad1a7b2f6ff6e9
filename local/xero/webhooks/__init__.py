"""Webhooks: what changed in which organisation, signed and sent to the app's address."""
