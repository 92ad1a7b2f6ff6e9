"""Checking the mapping: reads the facts, applies the rules, and keeps what was found.

Run whenever something changed that faults come of: after every import, and after every choice.
What is as it was costs no write.
"""

from chalicelib.reference import found_faults
from chalicelib.reference.found_faults import Found
from chalicelib.reference.gather_facts import gather
from chalicelib.reference.lint import faults_of


def check(tenant_id: str) -> Found:
    """What is wrong now; nothing before anything came from Xero."""
    facts = gather(tenant_id)
    found = Found.of(faults_of(facts) if facts else ())
    found_faults.keep(tenant_id, found)
    return found
