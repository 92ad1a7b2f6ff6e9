"""Holds every request and answer against the models of Xero's own Python SDK.

Field names, types, enumerations and lengths come from the SDK's generated classes; a
field that a class does not have is an error. The few places where Xero's live answers
are known to differ from those classes are listed here with their reasons.
"""

import re
from decimal import Decimal
from enum import Enum
from uuid import UUID

from xero_python.accounting import models

_MS = re.compile(r"/Date\((-?\d+)(?:[+-]\d{4})?\)/")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LIST = re.compile(r"list\[(.+)\]")
_DAY_MS = 24 * 60 * 60 * 1000

# What wraps every answer; the SDK drops it before it builds a model.
ENVELOPE = {"Id": "uuid", "Status": "str", "ProviderName": "str", "DateTimeUTC": "moment"}

_DAY_TWIN = "the twin of a date that live answers carry (OpenAPI examples of Invoices)"
_LINE_ERRORS = "messages about a line stand in the line (OpenAPI example of 400Error)"
_OPTION_FLAGS = "shown in the OpenAPI example of creating an option, absent from its schema"
_HISTORY = "shown in the OpenAPI examples of HistoryRecords, absent from their schema"
DEVIATIONS = {
    ("Invoice", "DateString"): ("str", _DAY_TWIN),
    ("Invoice", "DueDateString"): ("str", _DAY_TWIN),
    ("LineItem", "ValidationErrors"): ("list[ValidationError]", _LINE_ERRORS),
    ("TrackingOption", "HasValidationErrors"): ("bool", _OPTION_FLAGS),
    ("TrackingOption", "IsDeleted"): ("bool", _OPTION_FLAGS),
    ("TrackingOption", "IsArchived"): ("bool", _OPTION_FLAGS),
    ("TrackingOption", "IsActive"): ("bool", _OPTION_FLAGS),
    ("HistoryRecord", "DateUTCString"): ("str", _HISTORY),
    ("HistoryRecord", "ValidationErrors"): ("list[ValidationError]", _HISTORY),
}


def faults_of_answer(tree, model):
    """Every way in which an enveloped answer departs from the model of its list."""
    faults = [f"{name} is missing" for name in ENVELOPE if name not in tree]
    for name, kind in ENVELOPE.items():
        faults += _scalar_faults(tree.get(name), kind, name) if name in tree else []
    inner = {name: value for name, value in tree.items() if name not in ENVELOPE}
    return faults + faults_of(inner, model, model)


def faults_of_refusal(tree, model):
    """The same for a 400: the SDK's Error, its elements echoing the resource."""
    faults = [f"{name} is missing" for name in ("ErrorNumber", "Type", "Message")]
    faults = [f for f in faults if f.split()[0] not in tree]
    bare = {name: value for name, value in tree.items() if name != "Elements"}
    faults += faults_of(bare, "Error", "Error")
    for index, element in enumerate(tree.get("Elements", [])):
        path = f"Elements[{index}]"
        if not element.get("ValidationErrors"):
            faults.append(f"{path} does not say what is wrong")
        faults += faults_of(element, model, path)
    return faults


def faults_of(tree, model, path):
    """Faults of one object against one class of the SDK."""
    if not isinstance(tree, dict):
        return [f"{path} is not an object"]
    cls = getattr(models, model)
    names = {wire: attribute for attribute, wire in cls.attribute_map.items()}
    faults = []
    for name, value in tree.items():
        where = f"{path}.{name}"
        if (model, name) in DEVIATIONS:
            faults += _value_faults(value, DEVIATIONS[model, name][0], where)
        elif name not in names:
            faults.append(f"{where} is not a field of {model}")
        else:
            attribute = names[name]
            faults += _value_faults(value, cls.openapi_types[attribute], where)
            faults += _setter_faults(cls, attribute, value, where)
    return faults


def _value_faults(value, kind, path):
    if found := _LIST.fullmatch(kind):
        if not isinstance(value, list):
            return [f"{path} is not a list"]
        parts = [_value_faults(v, found[1], f"{path}[{i}]") for i, v in enumerate(value)]
        return [fault for part in parts for fault in part]
    known = getattr(models, kind, None)
    if known is None:
        faults = _scalar_faults(value, kind, path)
        if kind == "str" and path.endswith("ID") and not faults:
            faults = _scalar_faults(value, "uuid", path)
        return faults
    if issubclass(known, Enum):
        return [] if value in {m.value for m in known} else [f"{path} is no {kind}: {value}"]
    return faults_of(value, kind, path)


def _setter_faults(cls, attribute, value, path):
    """The SDK's setters know the inline enumerations and the greatest lengths."""
    if not isinstance(value, str):
        return []
    kind = cls.openapi_types[attribute]
    if kind != "str":
        return []
    try:
        # Some classes cannot be made empty; their setters need no other attribute.
        setattr(cls.__new__(cls), attribute, value)
    except ValueError as error:
        return [f"{path}: {error}"]
    return []


def _scalar_faults(value, kind, path):
    right = _SCALARS[kind](value)
    return [] if right else [f"{path} is no {kind}: {value!r}"]


def _is_number(value):
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _is_uuid(value):
    try:
        return str(UUID(value)) == value
    except (ValueError, AttributeError, TypeError):
        return False


def _is_moment(value):
    return isinstance(value, str) and bool(_MS.fullmatch(value))


def _is_day(value):
    if isinstance(value, str) and _DAY.fullmatch(value):
        return True
    return _is_moment(value) and int(_MS.fullmatch(value)[1]) % _DAY_MS == 0


def _is_int(value):
    return isinstance(value, int) and not isinstance(value, bool)


_SCALARS = {
    "str": lambda value: isinstance(value, str),
    "bool": lambda value: isinstance(value, bool),
    "int": _is_int,
    "float": _is_number,
    "uuid": _is_uuid,
    "moment": _is_moment,
    "datetime[ms-format]": _is_moment,
    "date[ms-format]": _is_day,
}
