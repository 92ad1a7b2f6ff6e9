"""What is said of one of the staff, checked on entry; each raises InvalidInput with its field."""

from chalicelib.errors import Conflict, InvalidInput
from chalicelib.work.names import clean_name, name_key
from chalicelib.work.staff.model import Roll, Staff
from chalicelib.work.time_records import LONGEST_STAFF

LONGEST_EMAIL, LONGEST_EXTERNAL_ID = 254, 200


def name(text: str) -> str:
    """A name that a time record can bear."""
    found = clean_name(text)
    if len(found) > LONGEST_STAFF:
        raise InvalidInput(f"A name has at most {LONGEST_STAFF} characters.", field="name")
    return found


def email(text: str) -> str:
    """An e-mail address, or nothing."""
    found = text.strip()
    if found and ("@" not in found or " " in found or len(found) > LONGEST_EMAIL):
        raise InvalidInput("This is not an e-mail address.", field="email")
    return found


def external_id(text: str) -> str:
    """An id in another system, or nothing."""
    found = text.strip()
    if len(found) > LONGEST_EXTERNAL_ID:
        raise InvalidInput("An external id has at most 200 characters.", field="external_id")
    return found


def only_one(staff: Staff, roll: Roll) -> None:
    """Raise Conflict when somebody else has this e-mail or external id, or, live, this name."""
    for other in roll.everybody:
        if other.staff_id == staff.staff_id:
            continue
        if not other.archived and name_key(other.name) == name_key(staff.name):
            raise Conflict(f"There is already somebody called {other.name}.", field="name")
        if staff.email and other.email.casefold() == staff.email.casefold():
            raise Conflict(f"{other.name} has this e-mail address.", field="email")
        if staff.external_id and other.external_id == staff.external_id:
            raise Conflict(f"{other.name} has this external id.", field="external_id")
