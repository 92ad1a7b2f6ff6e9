"""Names of clients, projects and tasks: how they are kept, and when two are the same."""

import re
import unicodedata

from chalicelib.errors import InvalidInput

LONGEST = 255
"""What Xero takes for a contact's name."""

JOINED = re.compile(r"['.`\u2019]")
BETWEEN = re.compile(r"[\W_]+")


def clean_name(text: str, *, field: str = "name") -> str:
    """A name with single spaces and none around; raises InvalidInput for none or over 255."""
    name = " ".join(text.split())
    if not name:
        raise InvalidInput("A name is needed.", field=field)
    if len(name) > LONGEST:
        raise InvalidInput(f"A name has at most {LONGEST} characters.", field=field)
    return name


def name_key(name: str) -> str:
    """What names have in common that differ only in case, spaces, accents or punctuation.

    Points and apostrophes vanish (A.B.C. is ABC), other marks part words. A name of marks
    only keeps them.
    """
    plain = _decomposed(_decomposed(name).casefold())
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return BETWEEN.sub(" ", JOINED.sub("", letters)).strip() or " ".join(name.casefold().split())


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFKD", text)
