"""What is e-mailed, word for word: plain text, no pictures, nothing that tells who read it."""

from dataclasses import dataclass

from chalicelib.people.model import Role


@dataclass(frozen=True, slots=True)
class Letter:
    """A message; ``name`` is what the audit trail calls it. ``text`` may hold a one-time link."""

    name: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Sender:
    """Who causes a message: a person or the company, and where this Workbill is."""

    who: str
    company: str
    base_url: str


def invitation(sender: Sender, role: Role, link: str) -> Letter:
    """The one-time link for somebody new."""
    return Letter(
        "invitation",
        f"You are invited to Workbill for {sender.company}",
        _text(
            sender,
            f"{sender.who} invites you to Workbill, where {sender.company} turns its work into"
            f" invoices in Xero. You will be {_a(role)}.",
            "Open this link and choose your name and your password:",
            link,
            "It works once, for 72 hours, and is meant for you alone: do not pass it on. If it is"
            " too old, ask for a new one. If you do not know who invites you, ignore it.",
        ),
    )


def password_link(sender: Sender, link: str) -> Letter:
    """The one-time link for somebody who cannot sign in any more."""
    return Letter(
        "password link",
        "Choose a new password for Workbill",
        _text(
            sender,
            f"{sender.who} has made a link by which you choose a new password for your account at"
            f" {sender.company}:",
            link,
            "It works once, for 72 hours, and is meant for you alone: do not pass it on. Your"
            " present password works until you use the link. If you did not ask for it, tell an"
            " administrator and do not open it.",
        ),
    )


def two_factor_reset(sender: Sender) -> Letter:
    """Tells somebody that the second factor has to be set up anew."""
    return Letter(
        "two-factor reset",
        "Your two-factor at Workbill was reset",
        _text(
            sender,
            f"{sender.who} has reset the two-factor of your account at {sender.company}. The next"
            " time you sign in with your password, Workbill asks you to set it up anew.",
            "If you did not expect this, tell an administrator at once: until it is set up, your"
            " password alone leads there.",
        ),
    )


def connection_lost(sender: Sender, organisation: str, why: str) -> Letter:
    """Tells an administrator that Xero no longer lets Workbill in."""
    return Letter(
        "lost connection",
        f"{sender.company} is no longer connected to Xero",
        _text(
            sender,
            f"The connection of {sender.company} to {organisation} in Xero no longer works.",
            why,
            "Until somebody connects again, no invoice goes to Xero and no payment comes back."
            " What waits goes on by itself afterwards. Connect again here:",
            f"{sender.base_url}/settings/xero",
        ),
    )


def endpoint_disabled(sender: Sender, endpoint: str, why: str) -> Letter:
    """Tells an administrator that webhooks to an endpoint have ended."""
    return Letter(
        "disabled endpoint",
        f"Webhooks of {sender.company} to {endpoint} have ended",
        _text(
            sender,
            f"The endpoint {endpoint} took no webhooks for three days, so Workbill has disabled"
            " it. The last time:",
            why,
            "Nothing is lost: what happened is kept for ninety days, and is told in order once"
            " somebody resumes the endpoint. That is done here:",
            f"{sender.base_url}/settings/webhooks",
        ),
    )


def _text(sender: Sender, *paragraphs: str) -> str:
    signature = f"-- \nWorkbill, {sender.base_url}\n"
    return "\n\n".join(("Hello,", *paragraphs, signature))


def _a(role: Role) -> str:
    return f"an {role}" if role is Role.ADMINISTRATOR else f"a {role}"
