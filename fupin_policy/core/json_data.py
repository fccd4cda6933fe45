"""What was found as plain data, ready for `json.dumps`.

In: values of the core and of the rooms that rest on it. Out: dicts, lists, numbers and texts. Called by whatever has an
`as_json`, and by those who join such parts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any


def json_of(value: object) -> Any:
    """A value as plain data: by its own `as_json` if it has one, else by what it is made of."""
    if hasattr(value, "as_json"):
        return value.as_json()
    match value:
        case Mapping():
            return {key: json_of(one) for key, one in value.items()}
        case tuple() | list():
            return [json_of(one) for one in value]
        case date():
            return value.isoformat()
        case Enum():
            return value.value
        case _ if is_dataclass(value):
            return json_parts(value, *(one.name for one in fields(value)))
        case _:
            return value


def json_parts(value: object, *names: str) -> dict[str, Any]:
    """Some attributes of a value as plain data, by their names and in the order of these."""
    return {name: json_of(getattr(value, name)) for name in names}
