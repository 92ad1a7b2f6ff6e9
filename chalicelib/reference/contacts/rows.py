"""Rows about contacts, in the table of imported lists: one partition per organisation."""

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.storage.attributes import JSONAttribute
from chalicelib.storage.moments import MomentAttribute
from chalicelib.storage.rows import Row

CONTACT = "contact#"
DECISION = "decision#"
READING = "contacts"
CHOICE = "contacts-choice"


class ContactRow(Row):
    """What is remembered of a contact; there is one only for those that something happened to."""

    table = "reference"

    class Meta:
        pass

    client_id = UnicodeAttribute(null=True)
    seen = UnicodeAttribute(null=True)
    by = UnicodeAttribute(null=True)
    did = UnicodeAttribute(null=True)
    apart = JSONAttribute(null=True)
    left_out = BooleanAttribute(null=True)
    merged_to = UnicodeAttribute(null=True)


class DecisionRow(Row):
    """What waits for a person."""

    table = "reference"

    class Meta:
        pass

    facts = JSONAttribute()
    candidates = JSONAttribute(default=list)
    create = BooleanAttribute(default=False)
    client_id = UnicodeAttribute(null=True)
    other_id = UnicodeAttribute(null=True)
    since = MomentAttribute()


class ReadingRow(Row):
    """How far the contacts were read."""

    table = "reference"

    class Meta:
        pass

    since = MomentAttribute()
    choice = JSONAttribute()
    whole_at = MomentAttribute()
    listed = NumberAttribute(default=0)


class ChoiceRow(Row):
    """What imports do, as somebody chose."""

    table = "reference"

    class Meta:
        pass

    choice = JSONAttribute()
