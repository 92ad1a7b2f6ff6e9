"""E-mailing all who administer a tenant, each once."""

from chalicelib.mail.letters import Letter
from chalicelib.mail.send import Delivery, post, record
from chalicelib.people import store as people
from chalicelib.people.caller import Caller
from chalicelib.people.model import User


def tell_administrators(caller: Caller, letter: Letter, told: list[str]) -> list[User]:
    """E-mail all who are not among those ``told``, add them there, and answer with the rest."""
    left = []
    for user in people.users(caller.tenant_id):
        if not user.administers or user.user_id in told:
            continue
        if post(user.email, letter) is Delivery.SENT:
            told.append(user.user_id)
            record(caller, user, letter, Delivery.SENT)
        else:
            left.append(user)
    return left
