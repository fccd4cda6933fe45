"""A registry written to a folder, as CSV or Parquet, block by block.

In: a program, a population, how many households, a seed, a folder. Out: a file for each table. Called by the command
line and users. The folder appears when all are whole, so that nobody reads half a registry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from fupin_policy.batch.population.model import Population
from fupin_policy.batch.population.tables import synthesize
from fupin_policy.core.program import Program
from fupin_policy.files.atomic import atomic_folder

TableFormat = Literal["csv", "parquet"]
Encoding = Literal["utf-8", "gb18030"]
Write = Callable[[pa.RecordBatch], None]

TABLES = ("households", "members")


def write_registry(
    program: Program,
    population: Population,
    households: int,
    seed: int,
    folder: Path,
    to: TableFormat = "csv",
    encoding: Encoding = "utf-8",
) -> tuple[int, ...]:
    """Write a registry to `households.csv` and `members.csv` (or `.parquet`) of a folder; how many rows each has.

    The items of a list that the population draws stand in a file that is called as the list is.

    Raises InputError where the folder holds anything but an earlier registry of this kind, and OSError.
    """
    names = tables_of(population)
    counts = [0] * len(names)
    with atomic_folder(folder) as aside, ExitStack() as files:
        write = [files.enter_context(_table(aside / f"{name}.{to}", encoding)) for name in names]
        # without households there are still the columns
        for batches in synthesize(program, population, max(households, 1), seed):
            for index, batch in enumerate(batches):
                rows = batch if households else batch.slice(0, 0)
                write[index](rows)
                counts[index] += rows.num_rows
    return tuple(counts)


def tables_of(population: Population) -> tuple[str, ...]:
    """What the files of a population are called, without their endings."""
    return (*TABLES, *(f"{one.name}_items" if one.name in TABLES else one.name for one in population.lists))


def _table(path: Path, encoding: Encoding) -> AbstractContextManager[Write]:
    """A file that takes batches."""
    return _parquet(path) if path.suffix == ".parquet" else _csv(path, encoding)


@contextmanager
def _parquet(path: Path) -> Iterator[Write]:
    with ExitStack() as files:
        writers: list[pq.ParquetWriter] = []

        def write(batch: pa.RecordBatch) -> None:
            if not writers:
                writers.append(files.enter_context(pq.ParquetWriter(path, batch.schema)))
            writers[0].write_batch(batch)

        yield write


@contextmanager
def _csv(path: Path, encoding: Encoding) -> Iterator[Write]:
    with path.open("wb") as file:

        def write(batch: pa.RecordBatch) -> None:
            options = pa_csv.WriteOptions(include_header=file.tell() == 0)
            text = pa.BufferOutputStream()
            pa_csv.write_csv(_plain(batch), text, options)
            content = text.getvalue().to_pybytes()
            file.write(content if encoding == "utf-8" else content.decode().encode(encoding))

        yield write


def _plain(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch as text, truths as 是 and 否."""
    arrays = [
        pc.if_else(array, "是", "否") if pa.types.is_boolean(array.type) else array.cast(pa.string())
        for array in batch.columns
    ]
    return pa.RecordBatch.from_arrays(arrays, names=batch.schema.names)
