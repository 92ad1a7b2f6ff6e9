"""Structured log lines, one JSON object each, with no secret in them."""

import json
import re
from collections.abc import Mapping

SECRET_NAMES = re.compile(
    r"token|secret|password|authorization|cookie|seed|api_key|verifier|^code$|^state$",
    re.IGNORECASE,
)
SECRET_SHAPES = re.compile(
    r"(?i)(bearer|basic)\s+[\w.~+/=-]+|eyJ[\w-]+\.[\w-]+\.[\w-]*|wb_[\w-]{20,}"
)


def event(name: str, /, **facts: object) -> None:
    """Write one line; facts whose names or shapes are secret are replaced, at any depth."""
    line = json.dumps({"event": name, **_clean(facts)}, default=str, ensure_ascii=False)
    # In one piece with its end, so that lines of several threads do not run into each other.
    print(f"{line}\n", end="", flush=True)  # noqa: T201  standard output is a function's log


def redact(text: str) -> str:
    """``text`` without anything shaped like a credential."""
    return SECRET_SHAPES.sub("[redacted]", text)


def _clean(facts: Mapping[str, object]) -> dict[str, object]:
    return {
        name: "[redacted]" if SECRET_NAMES.search(name) else _clean_value(value)
        for name, value in facts.items()
    }


def _clean_value(value: object) -> object:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return _clean(value)
    if isinstance(value, list | tuple):
        return [_clean_value(item) for item in value]
    return value
