"""Files of rejects: what was refused, under Chinese headings for people or under a machine's, and read under either.

In: tables of rejects, or such files. Out: the same tables with the headings asked for; SQL for the rows of files.
Called by `destinations` and `readback`; files are read by the reports.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from fupin_policy.batch.excluded_households import REJECTS
from fupin_policy.batch.sql import identifier, text
from fupin_policy.batch.table_files import BOM

HEADINGS = dict(
    zip(REJECTS.names, ("文件", "行", "户编号", "栏", "值", "代码", "原因和改法", "英文 / English"), strict=True)
)
"""What people call the columns of rejects."""


def people_rejects(table: pa.Table) -> pa.Table:
    """Rejects under the headings of people."""
    return table.rename_columns([HEADINGS[name] for name in table.column_names])


def rows_of_rejects(paths: Iterable[Path]) -> str:
    """The rows of files of rejects, one at least, as SQL: all texts, called as in `REJECTS`."""
    return " UNION ALL ".join(f"SELECT {_called(path)} FROM {_csv(path)}" for path in paths)


def _csv(path: Path) -> str:
    return f"read_csv({text(str(path))}, all_varchar = true, header = true)"


def _called(path: Path) -> str:
    begin = f'"{HEADINGS[REJECTS.names[0]]}"'.encode()
    with path.open("rb") as file:
        of_people = file.read(len(BOM) + len(begin)).removeprefix(BOM).startswith(begin)
    columns = (f"{identifier(HEADINGS[name])} AS {identifier(name)}" for name in REJECTS.names)
    return ", ".join(columns if of_people else map(identifier, REJECTS.names))
