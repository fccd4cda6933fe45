"""Registries in every form of table, and a run over them of which every row is found again.

In: an empty folder and chance. Out: a `Case`. Called by `fuzz_readers`.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any, Literal

from fuzz_case import DAY, HOUSEHOLDS, MEMBERS, Case, lesson
from fuzz_mutations import bytes_mutated, table_mutated


def run_of(folder: Path, own: Path | str, inner: Path | str, rows: tuple[int | None, int | None], *more: str) -> Case:
    """A run of which every row is found again, decided or rejected. `rows` are those that went in, where known."""
    out = folder / "out.parquet"
    statuses = [part for status in ("eligible", "ineligible", "unknown") for part in ("--status", status)]

    def holds(code: int, said: str) -> str | None:
        return _counted(out, json.loads(said), rows) if code == 0 else None

    command = lesson("run", own, inner, "--as-of", DAY, "-o", out, "--threads", "1", *statuses, *more)
    return Case(command, holds=holds)


def _counted(out: Path, said: dict[str, Any], rows: tuple[int | None, int | None]) -> str | None:
    """What is wrong with a run's figures, counted again from what it wrote; None if nothing is."""
    import pyarrow.parquet as pq

    decided = pq.read_table(out).to_pylist()
    with Path(said["rejects"]).open(encoding="utf-8-sig", newline="") as file:
        rejects = list(csv.reader(file))[1:]
    for level, number, wanted in (("households", 0, rows[0]), ("members", 1, rows[1])):
        of_level = [one for one in decided if (one["member"] is not None) == bool(number)]
        written = len({(one["household"], one["member"]) for one in of_level})
        told = said[level]
        if told["read"] != told["decided"] + told["rejected"]:
            return f"{level}: read is not decided + rejected: {told}"
        if told["decided"] != written:
            return f"{level}: {told} but {written} stand in the result"
        if wanted is not None and told["read"] != wanted:
            return f"{level}: {wanted} rows went in: {told}"
    rejected = said["households"]["rejected"] + said["members"]["rejected"]
    if len({(file, row) for file, row, *_ in rejects}) != rejected:
        return f"the rejects are not those counted: {said}"
    return None


def written_csv(rows: list[list[str]], chance: Random) -> bytes:
    """A CSV file with these rows, in any of its manners."""
    text = io.StringIO()
    quoting: Literal[0, 1] = chance.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    csv.writer(text, quoting=quoting, lineterminator=chance.choice(("\n", "\r\n"))).writerows(rows)
    return text.getvalue().encode(chance.choice(("utf-8", "utf-8", "utf-8-sig", "gb18030")), "replace")


def _csv_rows(data: bytes) -> int | None:
    """The rows below the header that are not blank, as Python's own reader counts them; None where it refuses."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            found = list(csv.reader(io.StringIO(data.decode(encoding), newline=""), strict=True))
        except UnicodeDecodeError:
            continue
        except csv.Error:
            return None
        return sum(any(cell.strip() for cell in row) for row in found[1:])
    return None


def csv_table(folder: Path, chance: Random) -> Case:
    """CSV: cells, rows and columns changed, and bytes."""
    rows: list[int | None] = []
    for name, table in (("h.csv", HOUSEHOLDS), ("m.csv", MEMBERS)):
        table = [table[0], *table[1:] * chance.choice((1, 1, 1, 400))]
        data = written_csv(table_mutated(table, chance) if chance.random() < 0.7 else table, chance)
        if chance.random() < 0.5:
            data = bytes_mutated(data, chance, 2)
        (folder / name).write_bytes(data)
        rows.append(_csv_rows(data))
    return run_of(folder, folder / "h.csv", folder / "m.csv", (rows[0], rows[1]))


def excel(folder: Path, chance: Random) -> Case:
    """Workbooks: cells of every kind, and parts of the package changed, missing, or very large once unpacked."""
    rows: list[int | None] = []
    for name, table in (("h.xlsx", HOUSEHOLDS), ("m.xlsx", MEMBERS)):
        table = table_mutated(table, chance) if chance.random() < 0.6 else table
        cells = [[_excel_cell(cell, chance) for cell in row] for row in table]
        data = _workbook(cells, chance)
        changed = chance.random() < 0.6
        (folder / name).write_bytes(_package_mutated(data, chance) if changed else data)
        filled = [row for row in cells[1:] if any(cell is not None and str(cell).strip() for cell in row)]
        rows.append(None if changed else len(filled))
    return run_of(folder, folder / "h.xlsx", folder / "m.xlsx", (rows[0], rows[1]))


def _workbook(cells: list[list[Any]], chance: Random) -> bytes:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    if chance.random() < 0.05:
        book.create_chartsheet()
    sheet = book.create_sheet("户")
    for row in cells:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _excel_cell(cell: str, chance: Random) -> Any:
    if chance.random() < 0.9:
        return re.sub("[^\t -\ud7ff\ue000-\ufffd]", "", cell)[:30_000]
    return chance.choice((1959.1, 1e300, 21731, date(1959, 6, 30), datetime(2019, 1, 1, 12), True, None, -0.0, "=1/0"))


def _package_mutated(data: bytes, chance: Random) -> bytes:
    match chance.randrange(6):
        case 0:
            return bytes_mutated(data, chance)
        case 1:
            return chance.choice((b"", b"PK\3\4", b"\xd0\xcf\x11\xe0" + bytes(600), "户编号,乡镇\n1,2\n".encode()))
        case _:
            pass
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = chance.choice(list(parts))
    match chance.randrange(8):
        case 0:
            del parts[name]
        case 1:
            parts["xl/worksheets/../../evil"] = b"x"
        case 2 if chance.random() < 0.2:
            large = chance.choice((b"<a/>", b"<font/>", b"<si><t>x</t></si>", b" ", b"<c r='A1'><v>1</v></c>"))
            text = parts[name]
            at = text.rfind(b"</")
            parts[name] = text[:at] + large * (chance.choice((20, 200)) * 1024 * 1024 // len(large)) + text[at:]
        case _:
            parts[name] = bytes_mutated(parts[name], chance, 3)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for part, content in parts.items():
            package.writestr(part, content)
    return stream.getvalue()


def _arrow(table: list[list[str]], chance: Random) -> Any:
    """A table with columns of types that a database or another program may give them."""
    import pyarrow as pa

    columns: dict[str, Any] = {}
    for name, *written in zip(*table, strict=True):
        # Arrow has no lone surrogates
        cells = [cell.encode("utf-8", "replace").decode() for cell in written]
        odd: list[Any] = [
            cells,
            pa.array(cells).dictionary_encode(),
            pa.array(cells, pa.large_string()),
            [cell.encode("utf-8", "replace") for cell in cells],
            [date(1959, 6, 30)] * len(cells),
            [datetime(1959, 6, 30, hour % 24) for hour, _ in enumerate(cells)],
            pa.array([2**62] * len(cells), pa.timestamp("us", "UTC")),
            pa.array([3_000_000] * len(cells), pa.date32()),
            [float("nan")] * len(cells),
            [1959.1] * len(cells),
            [190612] * len(cells),
            [True] * len(cells),
            [None] * len(cells),
            [[cell] for cell in cells],
            [{"a": cell} for cell in cells],
            pa.array([2**63] * len(cells), pa.uint64()),
        ]
        columns[name] = cells if chance.random() < 0.75 else chance.choice(odd)
    return pa.table(columns)


def parquet(folder: Path, chance: Random) -> Case:
    """Parquet: columns of odd types, and bytes changed."""
    import pyarrow.parquet as pq

    rows: list[int | None] = []
    for name, table in (("h.parquet", HOUSEHOLDS), ("m.parquet", MEMBERS)):
        found = _arrow(table_mutated(table, chance) if chance.random() < 0.4 else table, chance)
        compression = chance.choice(("none", "snappy", "zstd"))
        pq.write_table(found, folder / name, compression=compression, use_dictionary=chance.random() < 0.5)
        rows.append(found.num_rows)
        if chance.random() < 0.4:
            (folder / name).write_bytes(bytes_mutated((folder / name).read_bytes(), chance))
            rows[-1] = None
    return run_of(folder, folder / "h.parquet", folder / "m.parquet", (rows[0], rows[1]))


def database(folder: Path, chance: Random) -> Case:
    """Files of DuckDB: odd types, views, names; and bytes changed."""
    import duckdb

    path = folder / chance.choice(("x.duckdb", "x.db"))
    rows: list[int | None] = []
    with duckdb.connect(str(path)) as connection:
        for name, table in (("h", HOUSEHOLDS), ("m", MEMBERS)):
            found = _arrow(table, chance)
            connection.register("given", found)
            kind = "VIEW" if chance.random() < 0.1 else "TABLE"
            source = "given" if kind == "TABLE" else "(VALUES (1, 2)) t(户编号, 人编号)"
            connection.execute(f'CREATE {kind} "{name}" AS SELECT * FROM {source}')
            connection.unregister("given")
            rows.append(found.num_rows if kind == "TABLE" else None)
    if chance.random() < 0.4:
        path.write_bytes(bytes_mutated(path.read_bytes(), chance))
        rows = [None, None]
    own, inner = (f"{path}:{name}" for name in (chance.choices(("h", "m", "x", ""), (9, 1, 1, 1))[0], "m"))
    return run_of(folder, own, inner, (rows[0], rows[1]) if own.endswith(":h") else (None, None))
