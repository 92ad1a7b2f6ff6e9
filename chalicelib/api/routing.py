"""How the JSON API reads requests and writes answers."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from chalice.app import Request, Response

from chalicelib.api import idempotency
from chalicelib.api.problems import problem
from chalicelib.errors import InvalidInput, NotSignedIn, TooLarge, WorkbillError
from chalicelib.people import api_keys
from chalicelib.people.caller import Caller, Scope
from chalicelib.routing import Doors, body_of, source_of

PREFIX = "/api/v1"
LARGEST_BODY = 5_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with another status than the route's own, such as 202 with a job."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """A request that has passed the door: who calls, with which query and body."""

    caller: Caller
    query: Mapping[str, str]
    body: Any = None

    @property
    def tenant_id(self) -> str:
        """The tenant of the caller's credential."""
        return self.caller.tenant_id


@dataclass(frozen=True, slots=True)
class Operation:
    """What the OpenAPI document says of a route; the answer of a ``secret`` one is never kept."""

    method: str
    path: str
    name: str
    summary: str
    scope: Scope
    body: Any
    answer: Any
    status: int
    query: Mapping[str, str]
    secret: bool
    media: str = "application/json"


class API(Doors):
    """A blueprint of JSON routes; each declares its body, answer and scope."""

    def __init__(self, import_name: str) -> None:
        super().__init__(import_name)
        self.operations: list[Operation] = []

    def answer_error(self, error: WorkbillError) -> Response:
        """Problem JSON, RFC 9457."""
        return problem(error)

    def get(self, path: str, **declared: Any) -> Callable[[Callable[..., Any]], Any]:
        """A read."""
        return self._declare("GET", path, **declared)

    def post(self, path: str, **declared: Any) -> Callable[[Callable[..., Any]], Any]:
        """A creation or an act; ``Idempotency-Key`` is honoured."""
        return self._declare("POST", path, **declared)

    def patch(self, path: str, **declared: Any) -> Callable[[Callable[..., Any]], Any]:
        """A change of the fields that are sent."""
        return self._declare("PATCH", path, **declared)

    def put(self, path: str, **declared: Any) -> Callable[[Callable[..., Any]], Any]:
        """A replacement."""
        return self._declare("PUT", path, **declared)

    def delete(self, path: str, **declared: Any) -> Callable[[Callable[..., Any]], Any]:
        """A removal."""
        return self._declare("DELETE", path, **declared)

    def _declare(
        self,
        method: str,
        path: str,
        *,
        scope: Scope,
        answer: Any,
        body: Any = None,
        status: int = 200,
        query: Mapping[str, str] | None = None,
        secret: bool = False,
        media: str = "application/json",
    ) -> Callable[[Callable[..., Any]], Any]:
        def declare(view: Callable[..., Any]) -> Callable[..., Any]:
            summary = (view.__doc__ or view.__name__).strip().splitlines()[0]
            operation = Operation(
                method,
                PREFIX + path,
                view.__name__,
                summary,
                scope,
                body,
                answer,
                status,
                query or {},
                secret,
                media,
            )
            self.operations.append(operation)
            self.add(method, PREFIX + path, self._view(operation, view))
            return view

        return declare

    def _view(self, operation: Operation, view: Callable[..., Any]) -> Callable[..., Response]:
        @functools.wraps(view)
        def answer(**path: str) -> Response:
            request = self.request()
            caller = _caller(request)
            caller.must_have(operation.scope)
            raw = _body(request)

            def act() -> tuple[int, bytes, Mapping[str, str]]:
                call = Call(caller, _query(request), decode(raw, operation.body))
                return _encode(view(call, **path), operation.status)

            key = request.headers.get("idempotency-key")
            if operation.method == "POST" and key:
                where = request.context.get("path") or request.path
                status, body, headers = idempotency.once(
                    caller, key, where, raw, act, secret=operation.secret
                )
            else:
                status, body, headers = act()
            return json_response(body, status, headers)

        return answer


def json_response(body: bytes, status: int, headers: Mapping[str, str]) -> Response:
    """A response whose body is JSON text already."""
    return Response(
        body.decode(), status_code=status, headers={"Content-Type": "application/json", **headers}
    )


def decode(raw: bytes, shape: Any) -> Any:
    """The body in its declared shape; raises InvalidInput naming the field at fault."""
    if shape is None:
        return None
    try:
        return msgspec.json.decode(raw or b"{}", type=shape)
    except msgspec.ValidationError as error:
        said, _, where = str(error).partition(" - at `$")
        field_name = where.rstrip("`").lstrip(".") or None
        raise InvalidInput(said + ".", field=field_name) from None
    except msgspec.DecodeError as error:
        raise InvalidInput(f"The body is not valid JSON: {error}.") from None


def _encode(result: Any, status: int) -> tuple[int, bytes, Mapping[str, str]]:
    answer = result if isinstance(result, Answer) else Answer(result, status)
    body = b"" if answer.body is None else msgspec.json.encode(answer.body)
    return answer.status, body, answer.headers


def _caller(request: Request) -> Caller:
    kind, _, key = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not key:
        raise NotSignedIn("Send an API key: Authorization: Bearer wb_…")
    return api_keys.caller_of(key.strip(), source_of(request))


def _body(request: Request) -> bytes:
    raw = body_of(request)
    if len(raw) > LARGEST_BODY:
        raise TooLarge("A request may carry at most 5 MB.")
    return raw


def _query(request: Request) -> dict[str, str]:
    found: Mapping[str, str] = request.query_params or {}
    return {name: found[name] for name in found}
