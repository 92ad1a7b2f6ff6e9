"""E-mail by Amazon SES, where the operator has set it up; without that nothing is sent.

A message that cannot be sent fails nothing: the act it tells of is done already.
"""

from collections.abc import Callable
from enum import StrEnum

from chalicelib import log, wiring
from chalicelib.audit import trail
from chalicelib.mail.letters import Letter, Sender
from chalicelib.people.caller import Caller
from chalicelib.people.model import User

NAME = "Workbill"


class Delivery(StrEnum):
    """What became of a message; ``sent`` means that SES took it, not that it was read."""

    SENT = "sent"
    FAILED = "failed"
    NOT_SET_UP = "not_set_up"


def send(caller: Caller, to: User, write: Callable[[Sender], Letter]) -> Delivery:
    """E-mail a user of the caller's tenant, and record that; raises nothing of SES's.

    The letter is written only where e-mail is set up.
    """
    if not wiring.current().settings.mail_from:
        return Delivery.NOT_SET_UP
    letter = write(sender(caller))
    delivery = post(to.email, letter)
    record(caller, to, letter, delivery)
    return delivery


def post(address: str, letter: Letter) -> Delivery:
    """Hand a message to SES without recording it; a failure is logged by its code alone."""
    from botocore.exceptions import BotoCoreError, ClientError

    present = wiring.current()
    try:
        answer = present.ses.send_email(
            Source=f"{NAME} <{present.settings.mail_from}>",
            Destination={"ToAddresses": [address]},
            Message={
                "Subject": {"Data": letter.subject, "Charset": "UTF-8"},
                "Body": {"Text": {"Data": letter.text, "Charset": "UTF-8"}},
            },
        )
    except ClientError as error:
        return _failed(letter, error.response["Error"]["Code"])
    except BotoCoreError as error:
        return _failed(letter, type(error).__name__)
    log.event("mail_sent", letter=letter.name, message_id=answer["MessageId"])
    return Delivery.SENT


def record(caller: Caller, to: User, letter: Letter, delivery: Delivery) -> None:
    """Note in the trail that a message was sent, or could not be."""
    result = "done" if delivery is Delivery.SENT else "failed"
    trail.record(caller, "mail", f"user:{to.user_id}", result, letter=letter.name)


def sender(caller: Caller) -> Sender:
    """In whose name messages are written: a person's, or the company's for programs."""
    from chalicelib.people import tenants

    company = tenants.get(caller.tenant_id).name
    who = caller.name if caller.actor.startswith("user:") else f"An administrator of {company}"
    return Sender(who, company, wiring.current().settings.public_base_url)


def _failed(letter: Letter, code: str) -> Delivery:
    log.event("mail_failed", letter=letter.name, error=code)
    return Delivery.FAILED
