"""What an entry says to a person: one sentence for each act and result.

The act's codes are public: filters, the API and exported files use them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.audit.model import Entry


@dataclass(frozen=True, slots=True)
class Act:
    """How an act is called in a list of acts, and what happened, by result."""

    label: str
    done: str
    other: Mapping[str, str] = field(default_factory=dict)


ACTS = {
    "sign-in": Act(
        "Sign-in",
        "{who} signed in.",
        {"refused": "Somebody gave a wrong password for {who}."},
    ),
    "sign-out": Act("Sign-out", "{who} signed out."),
    "password": Act("Password", "{who} chose a password."),
    "second factor": Act(
        "Second factor",
        "{who} confirmed with a code.",
        {"refused": "A code given for {who} was not right."},
    ),
    "two-factor set up": Act(
        "Two-factor set up",
        "{who} set up two-factor.",
        {"refused": "{who} gave a code that was not right while setting up two-factor."},
    ),
    "tenant made": Act("Tenant made", "{who} made this tenant."),
    "api-key made": Act(
        "API key made",
        "{who} made the API key “{key_name}”: {scopes}; last day: {expires_on}.",
    ),
    "api-key revoked": Act("API key revoked", "{who} revoked the API key “{key_name}”."),
    "user invited": Act("User invited", "{who} invited somebody as {role}."),
    "role changed": Act("Role changed", "{who} gave a user the role {role}."),
    "user deactivated": Act("User deactivated", "{who} deactivated a user."),
    "user reactivated": Act("User reactivated", "{who} reactivated a user."),
    "session ended": Act("Session ended", "{who} ended a session."),
    "other sessions ended": Act("Other sessions ended", "{who} ended all other sessions."),
    "password reset": Act("Password reset", "{who} made a link for a user's new password."),
    "two-factor reset": Act("Two-factor reset", "{who} reset the two-factor of a user."),
    "recovery code": Act(
        "Recovery code",
        "{who} used a recovery code.",
        {"refused": "A recovery code given for {who} was not right."},
    ),
    "recovery codes made": Act("Recovery codes made", "{who} made new recovery codes."),
    "settings changed": Act("Settings", "{who} changed the company's settings."),
    "mapping changed": Act(
        "Tax & account codes",
        "{who} chose account {account_code} and tax rate {tax_type} as defaults.",
    ),
    "mapping exported": Act("Mapping exported", "{who} exported the mapping as a file."),
    "mapping imported": Act(
        "Mapping imported",
        "{who} imported a mapping of {organisation}, with {changes} changes.",
    ),
    "codes chosen": Act(
        "Codes of one thing",
        "{who} chose account {account_code}, tax rate {tax_type} and tracking {tracking} for the "
        "{kind} {name}.",
    ),
    "rate made": Act("Rate made", "{who} made the rate {name}."),
    "rate changed": Act("Rate changed", "{who} changed the rate {name} (archived: {archived})."),
    "rate price set": Act(
        "Price set",
        "{who} set the rate {name} to {amount} {currency} from {since} on.",
    ),
    "rate price removed": Act(
        "Price removed",
        "{who} took the price in {currency} from {since} on away from the rate {name}.",
    ),
    "rate applied": Act("Rate applied", "{who} let {tasks} follow the rate {name} again."),
    "rate removed": Act("Rate removed", "{who} removed the rate {name}."),
    "staff added": Act("Staff added", "{who} added {name} to the staff."),
    "staff changed": Act(
        "Staff changed", "{who} changed what is known of {name} (archived: {archived})."
    ),
    "staff removed": Act("Staff removed", "{who} removed {name} from the staff."),
    "connect": Act(
        "Connect to Xero",
        "{who} connected {thing} in Xero.",
        {
            "refused": "{who} tried to connect to Xero, which was refused ({why}).",
            "asked": "{who} chose {thing} in Xero, another organisation than before.",
            "declined": "{who} did not change to {thing}.",
        },
    ),
    "disconnect": Act("Disconnect from Xero", "{who} disconnected {thing} in Xero."),
    "disconnect confirmed": Act(
        "Disconnect confirmed",
        "The connection to Xero has ended.",
        {"failed": "Xero could not be told that the connection has ended."},
    ),
    "feature switched": Act("Permissions in Xero", "{who} switched “{thing}” {way}."),
    "connection lost": Act("Connection lost", "Xero no longer lets Workbill into {thing}: {why}"),
    "mail": Act(
        "E-mail",
        "An e-mail ({letter}) was sent for {who}.",
        {"failed": "An e-mail ({letter}) could not be sent for {who}."},
    ),
    "import": Act(
        "Import from Xero",
        "The import of {thing} for {who} is done.",
        {
            "asked": "{who} asked for an import of {thing}.",
            "failed": "The import of {thing} for {who} failed.",
        },
    ),
    "import chosen": Act(
        "Import of clients chosen",
        "{who} chose that imports {does} clients of {whom}, {when}.",
    ),
    "contact made": Act(
        "Contact made in Xero",
        "{said} This was done for {who}.",
        {
            "asked": "{who} asked for a new contact in Xero.",
            "failed": "A contact in Xero could not be made for {who}: {why}",
        },
    ),
    "client link": Act(
        "Links to Xero",
        "{said} This was done for {who}.",
        {
            "asked": "{who} asked to {act}.",
            "failed": "What {who} asked about a link was not done: {why}",
        },
    ),
    "import-time-records": Act(
        "Import of time",
        "The import of a file of time for {who} is done.",
        {
            "asked": "{who} brought in a file of time.",
            "failed": "The import of a file of time for {who} failed.",
        },
    ),
    "take-back-time-records": Act(
        "Import of time taken back",
        "What a file of time had brought was taken back for {who}.",
        {
            "asked": "{who} asked to take back what a file of time had brought.",
            "failed": "What a file of time had brought could not be taken back for {who}.",
        },
    ),
    "invoice.made": Act(
        "Invoice made",
        "An invoice was made for {who}.",
        {
            "asked": "{who} asked for an invoice.",
            "failed": "An invoice could not be made for {who}.",
        },
    ),
    "invoices.send": Act(
        "Sending asked for",
        "{who} sent {invoices} to Xero.",
        {"asked": "{who} asked to send {invoices} to Xero."},
    ),
    "invoices.sent": Act(
        "Invoices sent",
        "For {who}, {sent} went to Xero.",
        {
            "partly": "For {who}, {sent} went to Xero and {failed} did not.",
            "failed": "For {who}, {failed} could not be sent to Xero.",
        },
    ),
    "invoice.void": Act(
        "Invoice voided",
        "An invoice was ended in Xero for {who}.",
        {
            "asked": "{who} asked to void an invoice: {reason}.",
            "failed": "An invoice could not be voided for {who}.",
        },
    ),
    "invoice.revise": Act(
        "Invoice changed in Xero",
        "A change of an invoice was written to Xero for {who}.",
        {
            "asked": "{who} approved a change of {fields}, from {before} to {after}.",
            "failed": "A change of an invoice was not written to Xero for {who}: {why}",
        },
    ),
    "invoice.credit": Act(
        "Invoice credited",
        "An invoice was credited for {who}: {said}",
        {
            "asked": "{who} asked for credit note {number} of {total}: {reason}",
            "failed": "An invoice could not be credited for {who}: {why}",
        },
    ),
    "after sending chosen": Act(
        "Done after sending",
        "{who} chose what is done once an invoice is sent: note {note}, timesheet {timesheet}, "
        "e-mail by {email}.",
    ),
    "invoice.extra": Act(
        "With an invoice in Xero",
        "Done in Xero with an invoice, for {who}: {extra}.",
        {
            "asked": "{who} asked for this with an invoice in Xero: {extra}.",
            "failed": "Not done in Xero with an invoice, for {who}: {extra}. {why}",
        },
    ),
    "invoice.fetch": Act(
        "Link or PDF fetched", "", {"asked": "{who} fetched the {document} of an invoice."}
    ),
    "invoice.redraft": Act(
        "Fresh draft made",
        "A fresh draft was made for {who} of an invoice that has ended.",
        {
            "asked": "{who} asked for a fresh draft of an invoice that has ended.",
            "failed": "No fresh draft could be made for {who}: {why}",
        },
    ),
    "invoice.credit-lost": Act(
        "Credit note taken back in Xero",
        "Somebody took back a credit note in Xero: {said}",
        {"failed": "Credit notes could not be looked at in Xero: {why}"},
    ),
    "invoice.put-back": Act(
        "Work put back",
        "Work was put back on an invoice for {who}: {said}",
        {"failed": "Work could not be put back on an invoice for {who}: {why}"},
    ),
    "invoice.leave": Act(
        "Ended invoice left so", "{who} left an invoice that has ended as it is: {reason}"
    ),
    "invoice.resolve": Act(
        "Doubt settled",
        "What {who} said of an invoice in doubt was held against Xero: {said}",
        {
            "asked": "{who} said of an invoice in doubt: {verdict} {document}",
            "failed": "What {who} said of an invoice in doubt was not so: {why}",
        },
    ),
    "drift.accept": Act(
        "Xero's values accepted",
        "What Xero has of {number} was taken over for {who}: {theirs} instead of {here}.",
        {"asked": "{who} asked to accept what Xero has of {number}: {theirs} instead of {here}."},
    ),
    "drift.ignore": Act(
        "Difference ignored",
        "{who} lets {number} differ from Xero, {here} here and {theirs} there: {reason}",
    ),
    "month-end": Act(
        "Month worked out",
        "{thing} was worked out for {who}: all the same here and in Xero.",
        {
            "asked": "{who} asked for {thing} to be worked out.",
            "partly": "{thing} was worked out for {who}: {apart} not the same here and in Xero.",
        },
    ),
    "invoice.discard": Act(
        "Draft discarded",
        "A draft was discarded for {who}.",
        {
            "asked": "{who} asked to discard a draft.",
            "failed": "A draft could not be discarded for {who}.",
        },
    ),
    "job.cancel": Act(
        "Work cancelled",
        "{who} cancelled work ({kind}).",
        {"asked": "{who} asked to cancel work ({kind})."},
    ),
    "invoice.edit": Act("Draft changed", "{who} changed a draft from {before} to {after}."),
    "template.made": Act("Template made", "{who} kept the invoice template {name}."),
    "template.changed": Act("Template changed", "{who} changed the invoice template {name}."),
    "template.deleted": Act("Template deleted", "{who} deleted the invoice template {name}."),
    "plan.made": Act("Billing plan made", "{who} made a billing plan."),
    "plan.changed": Act("Billing plan changed", "{who} changed a billing plan."),
    "plan.paused": Act("Billing plan paused", "{who} paused a billing plan."),
    "plan.resumed": Act("Billing plan resumed", "{who} resumed a billing plan."),
    "plan.skipped": Act("Billing plan: day skipped", "{who} skipped a day of a billing plan."),
    "plan.unskipped": Act("Billing plan: skip undone", "{who} took back a skipped day."),
    "plan.ended": Act("Billing plan ended", "{who} ended a billing plan."),
    "webhook added": Act("Endpoint added", "{who} has {endpoint} told what happens, at {url}."),
    "webhook changed": Act("Endpoint changed", "{who} changed the endpoint {endpoint}."),
    "webhook secret rotated": Act(
        "Endpoint's secret changed", "{who} gave the endpoint {endpoint} a new secret."
    ),
    "webhook sent again": Act(
        "Events told again", "{who} had {endpoint} told again from number {number} on."
    ),
    "webhook removed": Act("Endpoint removed", "{who} removed the endpoint {endpoint}."),
    "webhook tried": Act(
        "Endpoint tried",
        "{who} tried the endpoint {endpoint}.",
        {"asked": "{who} tried the endpoint {endpoint}."},
    ),
    "webhook disabled": Act(
        "Endpoint disabled", "The endpoint {thing} took nothing for three days: {why}"
    ),
    "audit export": Act(
        "Trail exported",
        "An export of the activity trail was made for {who}.",
        {
            "asked": "{who} asked for an export of the activity trail.",
            "failed": "An export of the activity trail for {who} failed.",
        },
    ),
}


COUNTED = {
    "invoices": "invoice",
    "apart": "invoice",
    "sent": "invoice",
    "failed": "invoice",
    "tasks": "task",
}
"""Facts that count something, and what."""


EXTRAS = {
    "note": "a note in its history",
    "timesheet_csv": "its timesheet as CSV",
    "timesheet_pdf": "its timesheet as PDF",
    "email": "an e-mail to the client",
}
"""What is done beside an invoice, by the names that the API has."""


def _counted(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count:,} {what}s"


class _Facts(dict[str, Any]):
    """What a sentence may name; what an entry does not say reads as a dash."""

    def __missing__(self, name: str) -> str:
        return "\N{EN DASH}"


def sentence(entry: Entry, names: Mapping[str, str] | None = None) -> str:
    """What happened, for people; ``names`` are those of actors an entry knows by id only."""
    who = (names or {}).get(entry.actor) or entry.name or entry.actor
    if who.startswith("system:"):
        who = "Workbill"
    act = ACTS.get(entry.what)
    if act is None or (entry.result != "done" and entry.result not in act.other):
        return f"{who}: {entry.what} ({entry.result})."
    words = act.other.get(entry.result, act.done)
    thing = entry.about.rpartition(":")[2]
    said = {name: value for name, value in entry.facts.items() if value not in {"", None}}
    said |= {name: _counted(said[name], what) for name, what in COUNTED.items() if name in said}
    if "extra" in said:
        parts = str(said["extra"]).split(", ")
        said["extra"] = ", ".join(EXTRAS.get(part, part) for part in parts)
    return words.format_map(_Facts(said, who=who, thing=thing))
