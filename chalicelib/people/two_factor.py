"""The second factor: time-based codes (RFC 6238) from an app on the user's phone."""

import hmac

from chalicelib import wiring
from chalicelib.audit import trail
from chalicelib.clock import stamp
from chalicelib.errors import Conflict, InvalidInput
from chalicelib.people import seeds, session_list, store, throttle
from chalicelib.people.caller import Caller
from chalicelib.people.model import User
from chalicelib.people.store import UserRow

ISSUER = "Workbill"
PERIOD = 30
DIGITS = 6
SKEW = 1
"""Steps that a phone's clock may be early or late (RFC 6238, section 5.2)."""

FAR_SKEW = 10
"""Steps within which a refused code is told from a wrong one: five minutes either way."""

SET_CLOCK = "Let the phone set its time by itself, then type the code that it shows."
WRONG = "This code is not right. Codes change every 30 seconds and each works once."


def begin(user: User) -> str:
    """The seed to enrol with: the one begun earlier, or a new one.

    Raises Conflict when the user has two-factor already: it is never shown twice.
    """
    import pyotp

    if user.has_two_factor:
        raise Conflict("Two-factor is set up already.")
    if user.totp_seed:
        return seeds.unlock(user)
    seed = pyotp.random_base32()
    first = UserRow.totp_seed.does_not_exist()
    if store.change(user, UserRow.totp_seed.set(seeds.lock(seed, user)), only_if=first):
        return seed
    return begin(store.user(user.tenant_id, user.user_id))


def confirm(user: User, code: str, source: str) -> None:
    """Finish enrolment with a code; raises InvalidInput, TooManyRequests or Conflict."""
    if user.has_two_factor or not user.totp_seed:
        raise Conflict("Two-factor is set up already." if user.has_two_factor else WRONG)
    now = wiring.current().clock.now()
    _judge(user, code, source, confirmed_at=stamp(now))


def verify(user: User, code: str, source: str) -> None:
    """Check a code of an enrolled user; each works once. Raises InvalidInput, TooManyRequests."""
    if not user.has_two_factor:
        raise Conflict("Set up two-factor first.")
    _judge(user, code, source)


def reset(caller: Caller, user: User) -> None:
    """Forget a user's second factor, which ends the sessions; the next sign-in sets it up anew.

    The user is told by e-mail where that is set up. Raises Conflict when there is none.
    """
    from chalicelib.mail import letters
    from chalicelib.mail.send import send

    gone = (
        UserRow.totp_seed,
        UserRow.totp_confirmed_at,
        UserRow.totp_last_step,
        UserRow.recovery_codes,
    )
    if not store.change(
        user,
        *(attribute.remove() for attribute in gone),
        UserRow.epoch.add(1),
        only_if=UserRow.totp_seed.exists(),
    ):
        raise Conflict("This user has no two-factor to reset.")
    session_list.end_all(user)
    trail.record(caller, "two-factor reset", f"user:{user.user_id}")
    send(caller, user, letters.two_factor_reset)


def address(user: User, seed: str) -> str:
    """What the QR picture says: the otpauth address that authenticator apps read."""
    import pyotp

    return pyotp.TOTP(seed, digits=DIGITS, interval=PERIOD).provisioning_uri(
        name=user.email, issuer_name=ISSUER
    )


def picture(address: str) -> str:
    """A QR picture as a data address for an ``img``."""
    import segno

    return segno.make(address, error="m").svg_data_uri(scale=5, border=2, light="#fff")


def _judge(user: User, code: str, source: str, confirmed_at: str | None = None) -> None:
    """Count the try, then judge it; a right code gives the counts back."""
    with throttle.code_tried(user.user_id, source):
        seed, digits = seeds.unlock(user), "".join(code.split())
        step = _step_of(seed, digits)
        if step is None:
            raise InvalidInput(_why_not(seed, digits), field="code")
        if not _take_step(user, step, confirmed_at):
            raise InvalidInput(WRONG, field="code")


def _why_not(seed: str, code: str) -> str:
    """Tells a clock that is off from a wrong code; either is refused and counted."""
    near = _steps_with(seed, code, FAR_SKEW)
    if not near:
        return WRONG
    off = min((step - _present_step() for step in near), key=abs)
    minutes = max(1, round(abs(off) * PERIOD / 60))
    length = f"{minutes} minutes" if minutes > 1 else "a minute"
    if off > 0:
        return f"The clock of your phone is about {length} fast. {SET_CLOCK}"
    return f"This code is about {length} old, or the clock of your phone is slow. {SET_CLOCK}"


def _step_of(seed: str, code: str) -> int | None:
    """The latest time step within reach that has this code."""
    return max(_steps_with(seed, code, SKEW), default=None)


def _steps_with(seed: str, code: str, reach: int) -> list[int]:
    """The time steps, so many before and after the present one, that have this code."""
    import pyotp

    totp = pyotp.TOTP(seed, digits=DIGITS, interval=PERIOD)
    present = _present_step()
    return [
        step
        for step in range(present - reach, present + reach + 1)
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())
    ]


def _present_step() -> int:
    return int(wiring.current().clock.now().timestamp()) // PERIOD


def _take_step(user: User, step: int, confirmed_at: str | None) -> bool:
    """Remember the step; False when it or a later one was accepted before."""
    fresh = UserRow.totp_last_step.does_not_exist() | (UserRow.totp_last_step < step)
    changes = [UserRow.totp_last_step.set(step)]
    if confirmed_at:
        changes.append(UserRow.totp_confirmed_at.set(confirmed_at))
        fresh = UserRow.totp_confirmed_at.does_not_exist() & fresh
    return store.change(user, *changes, only_if=fresh)
