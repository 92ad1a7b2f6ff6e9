"""How the accounting API is called: on behalf of one organisation, by one access token."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import requests

from chalicelib.xero.call import JSON, Bearer, Call
from chalicelib.xero.errors import XeroCallError, XeroUnreadable
from chalicelib.xero.failures import json_of, unreadable
from chalicelib.xero.formats import if_modified_since
from chalicelib.xero.retry import Patience, pause_before_repeat
from chalicelib.xero.transport import ORGANISATION, Transport
from chalicelib.xero.wire.base import Wire, elements
from chalicelib.xero.written import CORRELATION

BASE = "/api.xro/2.0"
PATIENCE = Patience()
LARGEST_PAGE = 1000

Record = TypeVar("Record", bound=Wire)


@dataclass(frozen=True, slots=True)
class Page(Generic[Record]):
    """One page of a list: ``page`` counts from 1, ``item_count`` is of all pages.

    Both counts are None when Xero gave none; then a full page is the sign of another.
    ``told_at`` is when Xero answered, by its own clock. ``unreadable`` names what was left out,
    where the read was a lenient one.
    """

    items: tuple[Record, ...]
    page: int
    page_count: int | None
    item_count: int | None
    full: bool
    told_at: datetime | None = None
    unreadable: tuple[str, ...] = ()

    @property
    def is_last(self) -> bool:
        """Whether nothing follows."""
        return not self.full if self.page_count is None else self.page >= self.page_count


class Pagination(Wire, frozen=True, rename="camel"):
    """What a paged answer says of its length; Xero writes these names small."""

    page_count: int | None = None
    item_count: int | None = None


class Told(Wire, frozen=True):
    """When Xero answered, which every envelope says."""

    date_time_utc: datetime | None = None


class Caller:
    """Calls on behalf of one organisation.

    The base address of ``transport`` is that of Xero's API without a path. Every error is of the
    tree in ``errors.py``; an expired token is raised, never renewed here.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        access_token: str,
        organisation_id: str,
        patience: Patience = PATIENCE,
    ) -> None:
        self._transport = transport
        self._auth = Bearer(access_token)
        self._organisation_id = organisation_id
        self._patience = patience

    def _list(
        self,
        kind: type[Record],
        plural: str,
        query: Mapping[str, str] | None = None,
        modified_since: datetime | None = None,
    ) -> tuple[Record, ...]:
        tree = self._read(f"/{plural}", query=query, modified_since=modified_since)
        return tuple(kind.read(element) for element in elements(tree, plural))

    def _page(
        self,
        kind: type[Record],
        plural: str,
        query: Mapping[str, str],
        *,
        page: int,
        page_size: int,
        modified_since: datetime | None = None,
        lenient: bool = False,
    ) -> Page[Record]:
        """One page; a ``lenient`` read leaves out a record that cannot be read, and names it."""
        paging = {"page": str(page), "pageSize": str(page_size)}
        tree = self._read(f"/{plural}", query={**query, **paging}, modified_since=modified_since)
        listed = elements(tree, plural)
        items, unreadable = _readable(kind, listed) if lenient else (kind.read_all(listed), ())
        counts = Pagination.read(tree.get("pagination") or {})
        return Page(
            items=items,
            page=page,
            page_count=counts.page_count,
            item_count=counts.item_count,
            full=len(listed) >= page_size,
            told_at=_told_at(tree),
            unreadable=unreadable,
        )

    def _read(
        self,
        path: str,
        *,
        template: str = "",
        query: Mapping[str, str] | None = None,
        modified_since: datetime | None = None,
    ) -> Any:
        """The envelope of an answer; of "not modified", an empty one."""
        headers = (
            {"If-Modified-Since": if_modified_since(modified_since)} if modified_since else {}
        )
        call = self._call("GET", path, template, query=query or {}, headers=headers)
        response = self._send_patiently(call)
        if response.status_code == requests.codes.not_modified:
            return {}
        return _envelope(response, call)

    def _write(
        self,
        method: str,
        path: str,
        body: bytes,
        key: str,
        *,
        template: str = "",
        query: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> Any:
        """The envelope of a write's answer; sent once, under an idempotency key."""
        headers = {"Content-Type": JSON, "Idempotency-Key": key}
        call = self._call(
            method,
            path,
            template,
            query=query or {},
            headers=headers,
            body=body,
            writes=True,
            timeout=timeout,
        )
        response = self._transport.send(call)
        return {**_envelope(response, call), CORRELATION: response.headers.get(CORRELATION)}

    def _send_patiently(self, call: Call) -> requests.Response:
        repeats = 0
        while True:
            try:
                return self._transport.send(call)
            except XeroCallError as error:
                pause = pause_before_repeat(error, repeats, self._patience)
                if pause is None:
                    raise
            self._patience.sleep(pause)
            repeats += 1

    def _call(
        self, method: str, path: str, template: str, *, headers: Mapping[str, str], **facts: Any
    ) -> Call:
        return Call(
            method,
            BASE + path,
            BASE + (template or path),
            headers={ORGANISATION: self._organisation_id, **headers},
            auth=self._auth,
            **facts,
        )


def _readable(
    kind: type[Record], listed: Sequence[Any]
) -> tuple[tuple[Record, ...], tuple[str, ...]]:
    """The records that can be read, and the names of those that cannot."""
    items, unreadable = [], []
    for element in listed:
        try:
            items.append(kind.read(element))
        except XeroUnreadable:
            name = element.get("Name") if isinstance(element, dict) else None
            unreadable.append(str(name or "?"))
    return tuple(items), tuple(unreadable)


def _told_at(tree: Mapping[str, Any]) -> datetime | None:
    try:
        return Told.read({"DateTimeUTC": tree.get("DateTimeUTC")}).date_time_utc
    except XeroUnreadable:
        return None


def _envelope(response: requests.Response, call: Call) -> dict[str, Any]:
    tree = json_of(response)
    if not isinstance(tree, dict):
        raise unreadable(response, call)
    return tree
