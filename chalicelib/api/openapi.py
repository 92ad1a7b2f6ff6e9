"""GET /openapi.json: the API described (OpenAPI 3.1) from the routes' own declarations."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from http import HTTPStatus
from types import UnionType
from typing import Any, get_args

import msgspec
from chalice.app import Response

from chalicelib import doors, wiring
from chalicelib.api.idempotency import LONGEST_KEY
from chalicelib.api.problems import Problem
from chalicelib.api.routing import API, Operation, json_response

api = API(__name__)

VERSION = "1"
REF = "#/components/schemas/{name}"
ABOUT = (
    "Workbill turns project work into invoices in Xero and brings their status back. Money is a"
    " decimal in a string; lists go on at `next`, given back as `cursor`; work that takes long is"
    " answered by 202 with a job. A POST with an `Idempotency-Key` is done once and answered the"
    " same for 24 hours."
)
FAILURES = {
    "400": "Something in the request cannot be used; `field` says what",
    "401": "No API key, or one that is not known",
    "403": "The key lacks the scope",
    "409": "The present state does not allow this",
    "429": "Too often; wait as `Retry-After` says",
    "500": "Something went wrong on our side",
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A name for this request, kept for 24 hours; repeating it repeats no act",
    "schema": {"type": "string", "maxLength": LONGEST_KEY},
}


def openapi() -> Response:
    """The document of this deployment."""
    base = wiring.current().settings.public_base_url
    return json_response(msgspec.json.encode(document(base)), 200, {})


api.add("GET", "/openapi.json", openapi)


def document(base_url: str) -> dict[str, Any]:
    """The whole description, with the address this deployment is reached at."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Workbill", "version": VERSION, "description": ABOUT},
        "servers": [{"url": base_url or "/"}],
        "security": [{"api_key": []}],
        **_described(),
    }


@cache
def _described() -> dict[str, Any]:
    operations = _operations()
    _, schemas = _schemas()
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _route(operation)
    return {
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": schemas,
            "responses": {code: _failure(text) for code, text in FAILURES.items()},
            "securitySchemes": {
                "api_key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key, wb_…, made under Settings → API keys",
                }
            },
        },
    }


def _operations() -> list[Operation]:
    found = doors.blueprints("chalicelib.api")
    return [operation for door in found if isinstance(door, API) for operation in door.operations]


def _shapes(operation: Operation) -> Iterator[Any]:
    answers = operation.answer.values() if _many(operation) else (operation.answer,)
    for shape in (operation.body, *answers):
        yield from _members(shape)


def _members(shape: Any) -> tuple[Any, ...]:
    """The shapes that a union is of, one by one: together they would have to carry tags."""
    if shape is None:
        return ()
    return get_args(shape) if isinstance(shape, UnionType) else (shape,)


@cache
def _schemas() -> tuple[dict[Any, dict[str, Any]], dict[str, Any]]:
    """What stands for each shape, and the components that it names.

    All are described together: where two shapes share a name, only then do both get another.
    """
    shapes = [Problem, *(shape for one in _operations() for shape in _shapes(one))]
    found, components = msgspec.json.schema_components(shapes, ref_template=REF)
    return dict(zip(shapes, found, strict=True)), dict(sorted(components.items()))


def _schema(shape: Any) -> dict[str, Any]:
    known, _ = _schemas()
    schemas = [known[one] for one in _members(shape)]
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _route(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary.rstrip("."),
        "description": f"Needs the scope `{operation.scope}`.",
        "tags": [operation.path.split("/")[3]],
        "parameters": _parameters(operation),
        "responses": _responses(operation),
    }
    if operation.body is not None:
        content = {"application/json": {"schema": _schema(operation.body)}}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", operation.path)
    ]
    found += [
        {"name": name, "in": "query", "description": text, "schema": {"type": "string"}}
        for name, text in operation.query.items()
    ]
    return [*found, IDEMPOTENCY_KEY] if operation.method == "POST" else found


def _responses(operation: Operation) -> dict[str, Any]:
    answers = operation.answer if _many(operation) else {operation.status: operation.answer}
    responses = {
        str(status): _answer(status, shape, operation.media) for status, shape in answers.items()
    }
    failures = [*FAILURES]
    if "{" in operation.path:
        responses["404"] = _failure("There is no such thing, as far as this tenant is concerned")
    if operation.method == "POST":
        responses["422"] = _failure("The Idempotency-Key came before with another request")
    return responses | {code: {"$ref": f"#/components/responses/{code}"} for code in failures}


def _answer(status: int, shape: Any, media: str) -> dict[str, Any]:
    described: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    if shape is not None:
        described["content"] = {media: {"schema": _schema(shape)}}
    return described


def _failure(text: str) -> dict[str, Any]:
    return {
        "description": text,
        "content": {"application/problem+json": {"schema": _schema(Problem)}},
    }


def _many(operation: Operation) -> bool:
    """Whether the route answers differently by status, as in 200 with it, 202 with a job."""
    return isinstance(operation.answer, Mapping)
