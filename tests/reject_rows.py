"""The rows of a file of rejects, whichever headings it has, called as a machine calls them."""

from __future__ import annotations

import csv
from pathlib import Path

NAMES = {
    "文件": "file",
    "行": "row",
    "户编号": "household",
    "栏": "column",
    "值": "value",
    "代码": "code",
    "原因和改法": "zh",
    "英文 / English": "en",
}


def reject_rows(path: Path | str) -> list[dict[str, str]]:
    """All rows of it, as texts."""
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return [{NAMES.get(name, name): cell for name, cell in row.items()} for row in csv.DictReader(file)]
