"""Columns of plain values as tables of other libraries: Arrow, pandas. Imports them only when one is asked for.

In: columns, each with the type of its values. Out: a `pyarrow.Table`, a `pandas.DataFrame`. Called by `core`.
Integers stay integers, what is unknown is null; nothing becomes a float.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Literal, NamedTuple

from fupin_policy.diagnostics import FupinError


class ValueColumn(NamedTuple):
    """A column: its name, the type of its values, and the values; None where there is none."""

    name: str
    type: Literal["text", "texts", "integer", "truth", "day"]
    values: Sequence[object]


def arrow_table(columns: Sequence[ValueColumn], metadata: Mapping[str, str]) -> Any:
    """A `pyarrow.Table`: strings, lists of strings, int64, bool, date32. Raises FupinError without pyarrow (B114)."""
    pa = _imported("pyarrow", "batch")
    types = {
        "text": pa.string(),
        "texts": pa.list_(pa.string()),
        "integer": pa.int64(),
        "truth": pa.bool_(),
        "day": pa.date32(),
    }
    schema = pa.schema([(one.name, types[one.type]) for one in columns], dict(metadata))
    return pa.table([pa.array(one.values, types[one.type]) for one in columns], schema=schema)


def data_frame(columns: Sequence[ValueColumn], metadata: Mapping[str, str]) -> Any:
    """A `pandas.DataFrame` of the same types, kept by Arrow; `metadata` are its `attrs`.

    Raises FupinError without pandas or pyarrow (B114).
    """
    pandas = _imported("pandas", "pandas")
    # its own integers would turn to floats beside what is not known
    found = arrow_table(columns, {}).to_pandas(types_mapper=pandas.ArrowDtype)
    found.attrs.update(metadata)
    return found


def _imported(package: str, extra: str) -> Any:
    try:
        return import_module(package)
    except ModuleNotFoundError as error:
        raise FupinError.of("B114", package, package=package, extra=extra) from error
