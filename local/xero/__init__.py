"""A stand-in for Xero on one machine: identity, accounting, webhooks and a small screen.

It follows Xero's published behaviour, keeps its state, and can be told through
``/_control/`` to misbehave. It knows nothing of the programs that call it.
"""
