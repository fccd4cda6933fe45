"""Households as record batches, in columns of whatever types their values have. Called by the tests of batches."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from fupin_policy import Ruleset

Given = dict[str, Any]


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


def batch_of(ruleset: Ruleset, given: Sequence[Given]) -> pa.RecordBatch:
    """Households as a record batch, the village's facts among their own."""
    series = {one.series.name: one.level == "member" for one in ruleset.program.facts if one.series is not None}
    flat = [months_apart({**one, **one.get("village", {})}, series) for one in given]
    listed = [one["members"] for one in given]
    members = [months_apart(person, series) for persons in listed for person in persons]
    names = [(fact.name, fact.level == "member") for fact in ruleset.program.facts]
    for person in (*flat, *members):
        names += [(key, series[key.split()[0]]) for key in person if key.split()[0] in series and " " in key]
    names = list(dict.fromkeys(names))
    own = [name for name, of_member in names if not of_member and any(name in one for one in flat)]
    inner = [name for name, of_member in names if of_member and any(name in one for one in members)]
    structs = pa.StructArray.from_arrays(
        [column([m.get(name) for m in members]) if members else pa.array([], pa.string()) for name in ["id", *inner]],
        ["id", *inner],
    )
    offsets = [0]
    for persons in listed:
        offsets.append(offsets[-1] + len(persons))
    lists = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), structs)
    arrays = [column([one.get(name) for one in flat]) for name in ["id", *own]]
    return pa.RecordBatch.from_arrays([*arrays, lists], ["id", *own, "members"])
