"""Choosing what imports of clients do, and whether they come by themselves."""

from chalicelib.audit import trail
from chalicelib.errors import InvalidInput
from chalicelib.people.caller import Caller
from chalicelib.reference.contacts import watch
from chalicelib.reference.contacts.acts import of_caller
from chalicelib.reference.contacts.model import Choice


def choose(caller: Caller, choice: Choice) -> Choice:
    """Keep what imports do from now on for the connected organisation.

    Raises NotConnected, and InvalidInput for a choice that does nothing.
    """
    contacts = of_caller(caller)
    if not (choice.create or choice.update):
        raise InvalidInput("Choose to make clients, to update them, or both.", field="create")
    before = contacts.choice()
    if choice != before:
        contacts.put_choice(choice)
        trail.record(caller, "import chosen", "clients", **_facts(choice))
    if choice.automatic:
        watch.begin(caller.tenant_id, contacts.organisation_id)
    return choice


def _facts(choice: Choice) -> dict[str, str]:
    does = [word for word, done in (("make", choice.create), ("update", choice.update)) if done]
    whom = "customers" if choice.customers_only else "contacts"
    with_email = " with an e-mail address" if choice.with_email else ""
    return {
        "does": " and ".join(does),
        "whom": whom + with_email,
        "when": "by itself" if choice.automatic else "when asked",
    }
