"""Workbooks that tests make, and their rows as `fupin run` reads them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from fupin_policy.batch.sources import FileTable, open_table
from fupin_policy.batch.sql import Use
from fupin_policy.batch.worksheets import Sheets

HEADER = ["户编号", "姓名", "出生日期", "比例", "费用"]
USES: dict[str, Use] = {"户编号": "id", "姓名": "text", "出生日期": "day", "比例": "percent", "费用": "number"}


def workbook(path: Path, fill: Callable[[Any], None]) -> Path:
    """A workbook whose one sheet is filled."""
    book = openpyxl.Workbook()
    fill(book.active)
    book.save(path)
    return path


def rows_of(path: Path, sheets: tuple[str, ...] = (), uses: dict[str, Use] = USES) -> list[dict[str, Any]]:
    """The rows that are read, each with its number and its faults."""
    found = open_table(str(path), sheets)
    assert isinstance(found, FileTable) and isinstance(found.content, Sheets)
    return [row for batch in found.content.batches(uses) for row in batch.to_pylist()]
