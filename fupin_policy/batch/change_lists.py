"""What a run writes beside its result for the next run and for offices: what was known, and lists of what has changed.

In: the parts of a run. Out: a Parquet file of facts; a folder with all changes, and a CSV for each office, for people
or with a machine's columns. Called by `run`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from fupin_policy.batch.change_rows import WHOLE, changes_beside
from fupin_policy.batch.people_changes import people_changes
from fupin_policy.batch.people_form import PeopleForm
from fupin_policy.batch.previous_run import facts_beside
from fupin_policy.batch.table_files import file_form
from fupin_policy.files.atomic import anything, atomic_file, atomic_folder, check_folder
from fupin_policy.files.names import file_names

NOWHERE, NOBODY = "未注明地点", "未注明部门"


def check_beside(decisions: Path) -> None:
    """Raises InputError where the folder of changes holds anything else, and OSError."""
    check_folder(changes_beside(decisions))


def write_beside(
    decisions: Path, within: Path, facts: Sequence[Path], changes: Sequence[Path], people: PeopleForm | None = None
) -> None:
    """What was known, and what has changed if anything was compared. `within` keeps what is not finished.

    Lists of changes are as `people` read them, or with a machine's columns.
    """
    with atomic_file(facts_beside(decisions), anything, within) as aside, _writer(aside, facts) as writer:
        for part in facts:
            writer.write_table(pq.read_table(part))
    if not all(part.exists() for part in changes):
        return
    table = pa.concat_tables([pq.read_table(part) for part in changes])
    listed = table if people is None else people_changes(table, people)
    schema = listed.schema.remove_metadata()
    with atomic_folder(changes_beside(decisions), within) as folder:
        pq.write_table(table, folder / WHOLE, compression="snappy")
        csv = file_form(folder / "changes.csv")
        csv.write(folder / "changes.csv", schema, [listed])
        rows = table.select(["lead", "place"]).to_pylist()
        offices: dict[tuple[str, str | None], list[int]] = {}
        for at, row in enumerate(rows):
            for lead in row["lead"] or [NOBODY]:
                offices.setdefault((lead, row["place"]), []).append(at)
        for path, own in zip(office_files(folder, offices, ".csv"), offices.values(), strict=True):
            path.parent.mkdir(exist_ok=True)
            csv.write(path, schema, [listed.take(pa.array(own))])


def _writer(path: Path, parts: Sequence[Path]) -> pq.ParquetWriter:
    return pq.ParquetWriter(path, pq.read_schema(parts[0]), compression="snappy")


def office_files(folder: Path, offices: Iterable[tuple[str, str | None]], suffix: str) -> list[Path]:
    """The file of each department and place, the department as a folder; None is a place that is not known."""
    offices = list(offices)
    departments = file_names(dict.fromkeys(department for department, _ in offices))
    places = file_names(dict.fromkeys(place for _, place in offices if place is not None), taken=[NOWHERE])
    return [
        folder / departments[department] / f"{NOWHERE if place is None else places[place]}{suffix}"
        for department, place in offices
    ]
