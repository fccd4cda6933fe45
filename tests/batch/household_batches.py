"""Households as record batches, in columns of whatever types their values have. Called by the tests of batches."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Literal

import pyarrow as pa

from fupin_policy import Ruleset

Given = dict[str, Any]
Months = Literal["wide", "map", "list"]


def column(values: Sequence[Any]) -> pa.Array:
    """Values as they are, if Arrow has one type for all of them; else as texts, or structs of texts."""
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        if any(isinstance(value, dict) for value in values):
            return pa.array([_struct(value) for value in values])
        if any(isinstance(value, list) for value in values):
            if any(isinstance(value, str) for value in values):
                # a comma alone names no code, where a blank would say nothing
                return pa.array(["、".join(v) or "、" if isinstance(v, list) else v for v in values])
            return pa.array([None if v is None else [_text(one) for one in v] for v in values])
        return pa.array([None if value is None else _text(value) for value in values])


def _struct(value: Any) -> Any:
    if value is None:
        return None
    if value == "不详":
        return {}
    if not isinstance(value, dict):
        return {"one_of": [_text(value)]}
    return {k: [_text(one) for one in v] if isinstance(v, list) else _text(v) for k, v in value.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else str(value)


def months_apart(given: Given, series: Collection[str]) -> Given:
    """With a key for each month of a fact by month: `wage 2019-05`, `wage each`."""
    months = {f"{name} {period}": value for name in series for period, value in given.get(name, {}).items()}
    return {**{key: value for key, value in given.items() if key not in series}, **months}


def batch_of(ruleset: Ruleset, given: Sequence[Given], months: Months = "wide") -> pa.RecordBatch:
    """Households as a record batch, the village's facts among their own; facts by month in columns of any form."""
    series = {one.series.name: one.level == "member" for one in ruleset.program.facts if one.series is not None}
    apart = series if months == "wide" else {}
    flat = [months_apart({**one, **one.get("village", {})}, apart) for one in given]
    of_lists = facts_of_lists(ruleset)
    listed = [one["members"] for one in given]
    members = [months_apart(person, apart) for persons in listed for person in persons]
    names = [(fact.name, fact.level == "member") for fact in ruleset.program.facts if fact.level not in of_lists]
    names += [(one.name, one.of == "member") for one in ruleset.program.lists]
    names += [] if apart else list(series.items())
    for person in (*flat, *members):
        names += [(key, series[key.split()[0]]) for key in person if key.split()[0] in series and " " in key]
    names = list(dict.fromkeys(names))
    own = [name for name, of_member in names if not of_member and any(name in one for one in flat)]
    inner = [name for name, of_member in names if of_member and any(name in one for one in members)]

    def filled(name: str, subjects: Sequence[Given]) -> pa.Array:
        values = [one.get(name) for one in subjects]
        if name in of_lists:
            return by_item(values, of_lists[name])
        return column(values) if months == "wide" or name not in series else by_month(values, months)

    structs = pa.StructArray.from_arrays(
        [filled(name, members) if members else pa.array([], pa.string()) for name in ["id", *inner]], ["id", *inner]
    )
    offsets = [0]
    for persons in listed:
        offsets.append(offsets[-1] + len(persons))
    lists = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), structs)
    arrays = [filled(name, flat) for name in ["id", *own]]
    return pa.RecordBatch.from_arrays([*arrays, lists], ["id", *own, "members"])


def by_month(values: Sequence[dict[str, Any] | None], form: Months) -> pa.Array:
    """What is given of a fact by month, in a map of each subject, or a list of months with values; or null."""
    entries = [pair for one in values for pair in (one or {}).items()]
    offsets: list[int | None] = [0]
    for one in values:
        offsets.append((offsets[-1] or 0) + len(one or {}))
    ends = pa.array([None if one is None else at for one, at in zip([*values, {}], offsets, strict=True)], pa.int32())
    keys = pa.array([key for key, _ in entries], pa.string())
    items = column([value for _, value in entries]) if entries else pa.array([], pa.string())
    if form == "map":
        return pa.MapArray.from_arrays(ends, keys, items)
    return pa.ListArray.from_arrays(ends, pa.StructArray.from_arrays([keys, items], ["month", "value"]))


def facts_of_lists(ruleset: Ruleset) -> dict[str, list[str]]:
    """By list the facts of its items."""
    facts = ruleset.program.facts
    return {one.name: [fact.name for fact in facts if fact.level == one.name] for one in ruleset.program.lists}


def in_one_form(ruleset: Ruleset, given: Sequence[Given], in_part: Collection[str]) -> list[Given]:
    """The same households, but that each list is either given whole by all who give it, or in part by all."""
    names = facts_of_lists(ruleset)

    def settled(one: Given) -> Given:
        return {key: _in_form(value, key in in_part) if key in names else value for key, value in one.items()}

    found = [settled({**one, "members": [settled(person) for person in one["members"]]}) for one in given]
    return [{key: value for key, value in one.items() if value is not None} for one in found]


def _in_form(value: Any, in_part: bool) -> Any:
    listed = value["at_least"] if isinstance(value, dict) else value if isinstance(value, list) else None
    return {"at_least": listed} if in_part else listed


def by_item(values: Sequence[Any], facts: Sequence[str]) -> pa.Array:
    """What is given of a list, as lists of structs; where some is given in part, these inside of structs."""
    in_part = any(isinstance(value, dict) for value in values)
    lists = [value.get("at_least") if isinstance(value, dict) else value for value in values]
    items = [item for one in lists for item in one or ()]
    offsets: list[int | None] = [0]
    for one in lists:
        offsets.append((offsets[-1] or 0) + len(one or ()))
    ends = pa.array([None if one is None else at for one, at in zip([*lists, ()], offsets, strict=True)], pa.int32())
    parts = [column([item.get(name) for item in items]) for name in facts]
    listed = pa.ListArray.from_arrays(ends, pa.StructArray.from_arrays(parts, list(facts)))
    if not in_part:
        return listed
    return pa.StructArray.from_arrays([listed], ["at_least"], mask=pa.array([value is None for value in values]))
