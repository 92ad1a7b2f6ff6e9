"""Reading the query string and headers of a request."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from flask import request

from local.xero.accounting.unknown import report
from local.xero.books.records import Record

_LARGEST_PAGE, _USUAL_PAGE = 1000, 100


class Query:
    """The parameters of a request; their names are case-insensitive, as in Xero."""

    def __init__(self, known: str = "") -> None:
        """`known` lists the parameters this endpoint takes; any other is reported."""
        names = {name.casefold() for name in known.split()}
        self._values = {k.casefold(): v for k, v in request.args.items()}
        for name in request.args:
            if name.casefold() not in names:
                report(f"query parameter {name}")

    def text(self, name: str) -> str:
        return self._values.get(name.casefold(), "").strip()

    def flag(self, name: str) -> bool:
        return self.text(name).casefold() == "true"

    def says_no(self, name: str) -> bool:
        return self.text(name).casefold() == "false"

    def listed(self, name: str) -> list[str]:
        """A comma-separated list, quotes and blanks taken off."""
        return [part for raw in self.text(name).split(",") if (part := raw.strip(' "'))]

    def number(self, name: str) -> int | None:
        try:
            return int(self.text(name))
        except ValueError:
            if self.text(name):
                report(f"query parameter {name}={self.text(name)} is not a number")
            return None

    @property
    def unitdp(self) -> int:
        """Decimals of unit amounts: 2 unless 4 is asked for."""
        return 4 if self.number("unitdp") == 4 else 2

    @property
    def summarize_errors(self) -> bool:
        """Live behaviour without the parameter is one 400 for the whole call."""
        return not self.says_no("summarizeErrors")

    @property
    def page(self) -> int | None:
        """The page asked for, from 1; None when the list is not to be paged."""
        page = self.number("page")
        return None if page is None else max(page, 1)

    @property
    def page_size(self) -> int:
        """Clamped to 1..1000; 100 unless asked otherwise."""
        size = self.number("pageSize")
        return _USUAL_PAGE if size is None else min(max(size, 1), _LARGEST_PAGE)


def modified_since() -> datetime | None:
    """The moment of If-Modified-Since in UTC, to the second; None when absent."""
    text = request.headers.get("If-Modified-Since", "").strip()
    if not text:
        return None
    moment = _moment(text)
    if moment is None:
        report(f"If-Modified-Since {text}")
        return None
    return moment.replace(microsecond=0)


def _moment(text: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
        except ValueError:
            continue
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def changed_since(records: list[Record], since: datetime | None) -> list[Record]:
    """Those changed in that second or later."""
    if since is None:
        return records
    return [r for r in records if r["UpdatedDateUTC"].replace(microsecond=0) >= since]


def paged(records: list[Record], page: int, size: int) -> tuple[list[Record], Record]:
    """One page of the records and the pagination object about it."""
    count = len(records)
    first = (page - 1) * size
    about = {
        "page": page,
        "pageSize": size,
        "pageCount": -(-count // size),
        "itemCount": count,
    }
    return records[first : first + size], about
