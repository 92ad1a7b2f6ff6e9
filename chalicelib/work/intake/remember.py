"""What a person once said about files like this one, kept for the next."""

from datetime import datetime, timedelta

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import DoesNotExist

from chalicelib import wiring
from chalicelib.storage.attributes import JSONAttribute
from chalicelib.storage.moments import MomentAttribute
from chalicelib.storage.rows import Row
from chalicelib.work.ids import same_id
from chalicelib.work.intake.answers import Answers, found, kept
from chalicelib.work.intake.survey import Matched

COLUMNS, MEANING, ANSWERS = "columns#", "meaning#", "answers#"
KEPT = timedelta(days=8)
"""A day longer than a file."""

Meanings = dict[tuple[str, ...], str]
"""Which id a name in files stands for; a key is a kind, the id it is looked for under, a name."""


class ColumnsRow(Row):
    """How the columns of files with a fingerprint were matched."""

    table = "work"

    class Meta:
        pass

    matched = JSONAttribute()
    updated_at = MomentAttribute()


class MeaningRow(Row):
    """What a name in files was said to mean."""

    table = "work"

    class Meta:
        pass

    key = JSONAttribute()
    means = UnicodeAttribute()
    updated_at = MomentAttribute()


class AnswersRow(Row):
    """Answers that were given before the file had come."""

    table = "work"

    class Meta:
        pass

    answers = JSONAttribute()


def columns(tenant_id: str, fingerprint: str) -> Matched | None:
    """How files with these columns were matched last; None when they never were."""
    try:
        row = ColumnsRow.get(tenant_id, COLUMNS + fingerprint, consistent_read=True)
    except DoesNotExist:
        return None
    return Matched(row.matched["columns"], row.matched["same"])


def keep_columns(tenant_id: str, fingerprint: str, matched: Matched) -> None:
    """Match the next file with these columns in the same way."""
    row = ColumnsRow(tenant_id, COLUMNS + fingerprint)
    row.matched = {"columns": matched.columns, "same": matched.same}
    row.updated_at = _now()
    row.save()


def meanings(tenant_id: str) -> Meanings:
    """What all names were said to mean."""
    rows = MeaningRow.query(tenant_id, MeaningRow.sk.startswith(MEANING), consistent_read=True)
    return {tuple(row.key): row.means for row in rows}


def keep_meanings(tenant_id: str, meanings: Meanings) -> None:
    """Take these names to mean the same in the next file."""
    with MeaningRow.batch_write() as batch:
        for key, means in meanings.items():
            row = MeaningRow(tenant_id, MEANING + same_id(*key))
            row.key, row.means, row.updated_at = list(key), means, _now()
            batch.save(row)


def keep_answers(tenant_id: str, import_id: str, answers: Answers) -> None:
    """Read the file that is to come with these answers."""
    row = AnswersRow(tenant_id, ANSWERS + import_id)
    row.answers, row.expires_at = kept(answers), _now() + KEPT
    row.save()


def answers_for(tenant_id: str, import_id: str) -> Answers:
    """The answers that were given before the file had come; none when there were none."""
    try:
        row = AnswersRow.get(tenant_id, ANSWERS + import_id, consistent_read=True)
    except DoesNotExist:
        return Answers()
    return found(row.answers)


def _now() -> datetime:
    return wiring.current().clock.now()
