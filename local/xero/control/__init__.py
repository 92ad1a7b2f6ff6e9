"""``/_control/``: how tests, benches and demos steer this world. JSON, no sign-in.

There is no way around the consent page here: an app is let in by a person or not at all.
"""

from local.xero.control import (
    apps,
    books,
    faults,
    log,
    organisations,
    setup,
    times,
    webhooks,
)
from local.xero.control.blueprint import blueprint

__all__ = [
    "apps",
    "blueprint",
    "books",
    "faults",
    "log",
    "organisations",
    "setup",
    "times",
    "webhooks",
]
