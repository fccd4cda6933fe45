"""Names, texts and Parquet files as SQL writes them, and what columns of our own in tables are called.

In: a name, a text or paths. Out: SQL. Called wherever DuckDB or PostgreSQL is asked something.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

ROW = "_row"
"""The number of a row in its table, from 1; the header of a CSV or Excel table is row 1, its first row row 2."""

ROWS_OF_A_SHEET = 1 << 21
"""Rows of the second sheet of a table are numbered from here, of the third from twice as much."""

FAULTS = "_faults"
"""What is wrong with single cells of a row, as JSON: lists of header, value as shown, code, words."""

ARROW_FUNCTION: Mapping[str, Any] = {"type": "arrow", "null_handling": "special"}
"""How DuckDB is told that a function takes columns of Arrow with their nulls: in words, as each version has the
enumerations of these elsewhere."""

Use = Literal["id", "text", "day", "percent", "number", "other"]
"""What a column is used for: an amount shown as 30% is 30 where the fact is in %."""


def text(value: str) -> str:
    """A text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def parquet(paths: Iterable[Path], *options: str) -> str:
    """SQL for the rows of Parquet files: of these and no others, whatever signs their names have."""
    plain = (text(re.sub(r"[*?\[]", lambda found: f"[{found[0]}]", str(path))) for path in paths)
    said = (f"[{', '.join(plain)}]", "hive_partitioning = false", *options)
    return f"read_parquet({', '.join(said)})"
