"""E-mailing all who administer a tenant, each once, by a job that tries again."""

from chalicelib.dispatch.model import Done, Job, Slice, Step, Wait
from chalicelib.dispatch.setbacks import back_off
from chalicelib.mail.letters import Letter
from chalicelib.mail.send import Delivery, post, record
from chalicelib.people import store as people
from chalicelib.people.caller import Caller
from chalicelib.people.model import User

TRIES = 10
"""With the waits of ``back_off``, an hour and a half of trying to send."""


def tell_administrators(job: Job, slice_: Slice, caller: Caller, letter: Letter) -> Step:
    """E-mail who was not e-mailed yet; the job remembers who was, and comes again for the rest.

    A crash may repeat one message.
    """
    left = _tell(caller, letter, job.params.setdefault("told", []))
    if not left:
        return Done("The administrators are told by e-mail.")
    job.params["tries"] = tries = job.params.get("tries", 0) + 1
    if tries < TRIES:
        why = "An e-mail to the administrators could not be sent; trying again by itself."
        return Wait(slice_.now() + back_off(tries), why)
    for user in left:
        record(caller, user, letter, Delivery.FAILED)
    return Done("Not every administrator could be told by e-mail.")


def _tell(caller: Caller, letter: Letter, told: list[str]) -> list[User]:
    """E-mail all who are not among those told, add them there, and answer with the rest."""
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
