"""Every reader with what it may be given: a command, files made from a valid seed, and how many rows went in.

In: an empty folder and chance. Out: a `Case`. Called by `fuzz_worker`.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from random import Random
from shutil import copytree, which
from typing import Any, Literal

from fuzz_mutations import bytes_mutated, lines_mutated, table_mutated, tree_mutated

ROOT = Path(__file__).parents[2]
LESSON = ROOT / "docs" / "examples" / "lesson"
DAY = "2019-06-30"
SECRET = "PaSs0rd"

HOUSEHOLDS = [
    ["户编号", "乡镇", "享受低保", "医疗费用"],
    ["0001", "东河镇", "是", "7000"],
    ["0002", "西山镇", "否", "1,820.00"],
    ["0003", "", "是", ""],
    ["0004", "东河镇", "", "0"],
]
MEMBERS = [
    ["户编号", "人编号", "出生日期", "残疾等级"],
    ["0001", "1", "1938-05-01", "一级"],
    ["0001", "2", "1959", "无残疾"],
    ["0002", "1", "1959/6/30", ""],
    ["0003", "1", "19400101", "二级"],
    ["0004", "1", "", "三级"],
    ["0004", "2", "2012-09-01", "9"],
]
ONE: dict[str, Any] = {
    "id": "h1",
    "乡镇": "东河镇",
    "享受低保": True,
    "医疗费用": {"min": "6000", "max": "8000"},
    "members": [
        {"id": "m1", "出生日期": "1938-05-01", "残疾等级": "无残疾"},
        {"id": "m2", "出生日期": "1959", "残疾等级": {"one_of": ["一级", "二级"]}},
    ],
}


@dataclass(slots=True)
class Case:
    """A command, what stands on its standard input, and what must hold of its result besides what always must."""

    command: list[str]
    given: bytes = b""
    holds: Callable[[int, str], str | None] = field(default=lambda code, out: None)


def _lesson(command: str, *arguments: str | Path) -> list[str]:
    return [command, "--ruleset", str(LESSON), "--format", "json", *map(str, arguments)]


def _text_mutated(text: str, chance: Random) -> bytes:
    """Lines changed, bytes changed, both, or neither."""
    data = lines_mutated(text, chance).encode() if chance.random() < 0.5 else text.encode()
    return bytes_mutated(data, chance, 2) if chance.random() < 0.5 else data


# ---- households ----------------------------------------------------------------------------------------------------


def _json(value: object, ensure_ascii: bool) -> str:
    """JSON, also of what is nested deeper than Python writes."""
    try:
        return json.dumps(value, ensure_ascii=ensure_ascii)
    except RecursionError:
        return "[" * 5000 + "]" * 5000


def household(folder: Path, chance: Random) -> Case:
    """JSON, JSON Lines and YAML, from a file or a pipe."""
    ending = chance.choice((".json", ".jsonl", ".yaml", ".yml", ""))
    value = tree_mutated(ONE, chance) if chance.random() < 0.7 else ONE
    texts = [_json(one, ensure_ascii=chance.random() < 0.3) for one in (value, ONE)]
    text = "\n".join(texts) if ending == ".jsonl" else texts[0]
    if ending.startswith(".y") and chance.random() < 0.5:
        text = "id: 0012\n# 一户\n享受低保: 是\nmembers:\n- {id: 01, 出生日期: 1959.10}\n- id: 1\n  残疾等级: 一级\n"
        text = lines_mutated(text, chance)
    data = text.encode("utf-8", "surrogatepass")
    if chance.random() < 0.6:
        data = bytes_mutated(data, chance)
    command = chance.choice(("eval", "eval", "explain"))
    if chance.random() < 0.3:
        return Case(_lesson(command, "--as-of", DAY, "-"), data)
    (folder / f"h{ending}").write_bytes(data)
    return Case(_lesson(command, "--as-of", DAY, folder / f"h{ending}"))


# ---- rulesets ------------------------------------------------------------------------------------------------------


def _odd_file(folder: Path, chance: Random) -> None:
    """Something that has no business in a folder of rules."""
    path = folder / chance.choice(("z.yaml", "a.yaml", "深/深.yaml", "notes.txt"))
    path.parent.mkdir(exist_ok=True)
    match chance.randrange(9):
        case 0:
            os.mkfifo(path)
        case 1:
            places = ("/dev/zero", "/dev/random", "/dev/stdin", "/proc/kcore", "/no/such", path.name)
            path.symlink_to(chance.choice(places))
        case 2:
            with path.open("wb") as file:
                file.truncate(chance.choice((5 << 20, 6 << 30)))
        case 3:
            path.mkdir()
        case 4:
            os.close(os.open(os.fsencode(folder) + b"/\xff\xfe.yaml", os.O_CREAT | os.O_WRONLY))
        case 5:
            path.write_bytes(bytes(chance.randrange(256) for _ in range(300)))
        case 6:
            (folder / "loop").symlink_to(folder)
        case 7:
            for number in range(chance.choice((30, 6000))):
                (folder / f"n{number}.yaml").touch()
        case _:
            piece = chance.choice((b"[", b"- ", b"a: ", b"? ", b'"', b"a: &a [*a]\n"))
            path.write_bytes(piece * chance.choice((99, 500_000)))


def ruleset(folder: Path, chance: Random) -> Case:
    """A folder of YAML files, some of them mistyped, with odd files beside them."""
    copytree(LESSON, folder / "rules")
    for path in chance.sample(sorted((folder / "rules").glob("*.yaml")), chance.randint(1, 2)):
        path.write_bytes(_text_mutated(path.read_text(encoding="utf-8"), chance))
    if chance.random() < 0.3:
        _odd_file(folder / "rules", chance)
    command = chance.choices(("check", "test", "fmt", "compile"), (8, 1, 1, 1))[0]
    if command == "compile":
        return Case(["compile", "--ruleset", str(folder / "rules"), "-o", str(folder / "x.wasm")])
    return Case([command, str(folder / "rules"), "--format", "json", *(["--check"] if command == "fmt" else [])])


# ---- registries ----------------------------------------------------------------------------------------------------


def _run(folder: Path, own: Path | str, inner: Path | str, rows: tuple[int | None, int | None], *more: str) -> Case:
    """A run of which every row is found again, decided or rejected. `rows` are those that went in, where known."""
    out = folder / "out.parquet"
    statuses = [part for status in ("eligible", "ineligible", "unknown") for part in ("--status", status)]

    def holds(code: int, said: str) -> str | None:
        return _counted(out, json.loads(said), rows) if code == 0 else None

    command = _lesson("run", own, inner, "--as-of", DAY, "-o", out, "--threads", "1", *statuses, *more)
    return Case(command, holds=holds)


def _counted(out: Path, said: dict[str, Any], rows: tuple[int | None, int | None]) -> str | None:
    """What is wrong with a run's figures, counted again from what it wrote; None if nothing is."""
    import pyarrow.parquet as pq

    decided = pq.read_table(out).to_pylist()
    with Path(said["rejects"]).open(encoding="utf-8-sig", newline="") as file:
        rejects = list(csv.DictReader(file))
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
    if len({(one["file"], one["row"]) for one in rejects}) != rejected:
        return f"the rejects are not those counted: {said}"
    return None


def _written_csv(rows: list[list[str]], chance: Random) -> bytes:
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
        data = _written_csv(table_mutated(table, chance) if chance.random() < 0.7 else table, chance)
        if chance.random() < 0.5:
            data = bytes_mutated(data, chance, 2)
        (folder / name).write_bytes(data)
        rows.append(_csv_rows(data))
    return _run(folder, folder / "h.csv", folder / "m.csv", (rows[0], rows[1]))


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
    return _run(folder, folder / "h.xlsx", folder / "m.xlsx", (rows[0], rows[1]))


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
    return _run(folder, folder / "h.parquet", folder / "m.parquet", (rows[0], rows[1]))


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
    return _run(folder, own, inner, (rows[0], rows[1]) if own.endswith(":h") else (None, None))


def address(folder: Path, chance: Random) -> Case:
    """Addresses of databases, nearly right: refused, or nobody answers; the password is never shown."""
    spec = chance.choice(
        (
            f"postgresql://u:{SECRET}@127.0.0.1:9/county?table=public.h",
            f"postgres://u:{SECRET}@127.0.0.1:9/?table=h&connect_timeout=1",
            f"jdbc:postgresql://127.0.0.1:9/county?user=u&password={SECRET}",
            f"host=127.0.0.1 port=9 user=u password={SECRET} dbname=county",
            f"postgresql+psycopg2://u:{SECRET}@127.0.0.1:9/county",
            f"https://u:{SECRET}@127.0.0.1:9/h.csv",
        )
    )
    pieces = ["", *" \"'/:@?&%#\t\\[]é县\u202e", "//", "%00", "POST"]
    for _ in range(chance.randint(0, 3)):
        # without the sign before it, it would be no password but the end of another word
        first = spec.find(SECRET)
        secret = {first - 1, *range(first + 1, first + len(SECRET))}
        at = chance.choice([at for at in range(len(spec)) if at not in secret])
        spec = spec[:at] + chance.choice(pieces) + spec[at + chance.randint(0, 1) :]
    if "127.0.0.1" not in spec:
        spec = "postgresql://"  # another name would be asked of the net

    def holds(code: int, said: str) -> str | None:
        return "exit code 0 for a table that is not there" if code == 0 else None

    (folder / "h.csv").write_bytes(_written_csv(HOUSEHOLDS, Random(0)))
    out, own = str(folder / "out.parquet"), str(folder / "h.csv")
    commands = (("map", spec), ("run", spec, spec, "-o", out), ("run", own, spec, "-o", out), ("run", own, "-o", spec))
    command, *arguments = chance.choice(commands)
    return Case(_lesson(command, *arguments, *(["--as-of", DAY] if command == "run" else [])), holds=holds)


def mapping(folder: Path, chance: Random) -> Case:
    """The file that says which column is which fact."""
    (folder / "h.csv").write_bytes(_written_csv(HOUSEHOLDS, Random(0)))
    (folder / "m.csv").write_bytes(_written_csv(MEMBERS, Random(0)))
    text = """kind: mapping
households:
  household: 户编号
  columns:
    - {column: 乡镇, fact: 乡镇}
    - {column: 享受低保, fact: 享受低保, values: [{given: 是, means: 是}, {given: 否, means: 否}]}
    - {column: 医疗费用, fact: 医疗费用}
members:
  household: 户编号
  member: 人编号
  columns:
    - {column: 出生日期, fact: 出生日期}
  ignored: [残疾等级]
"""
    (folder / "map.yaml").write_bytes(_text_mutated(text, chance))
    return _run(folder, folder / "h.csv", folder / "m.csv", (4, 6), "--mapping", str(folder / "map.yaml"))


# ---- what the project itself has written ---------------------------------------------------------------------------


@cache
def _record() -> bytes:
    """Decision records of two households."""
    from tempfile import TemporaryDirectory

    from fupin_policy.cli.main import main

    with TemporaryDirectory() as folder:
        given, record = Path(folder) / "h.jsonl", Path(folder) / "record.jsonl"
        given.write_text("\n".join(json.dumps({**ONE, "id": name}) for name in "ab"), encoding="utf-8")
        command = ["audit", "record", "--ruleset", str(LESSON), str(given), "--as-of", DAY, "-o", str(record)]
        assert main(command) == 0
        return record.read_bytes()


def audit(folder: Path, chance: Random) -> Case:
    """Decision records that somebody changed: never taken for whole."""
    lines = _record().splitlines()
    match chance.randrange(4):
        case 0:
            data = bytes_mutated(_record(), chance)
        case 1:
            data = b"\n".join(chance.choices(lines, k=chance.randint(0, 4)))
        case _:
            at = chance.randrange(len(lines))
            tree = tree_mutated(json.loads(lines[at]), chance)
            lines[at] = json.dumps(tree, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")
            data = b"\n".join(lines) + b"\n"
    (folder / "record.jsonl").write_bytes(data)
    whole = data in (_record(), b"".join(line + b"\n" for line in _record().splitlines()[:1]), b"")

    def holds(code: int, said: str) -> str | None:
        return "a changed record is taken for whole" if code == 0 and not whole and data.strip() else None

    command = ["audit", "verify", str(folder / "record.jsonl"), "--ruleset", str(LESSON), "--format", "json"]
    return Case(command, holds=holds)


@cache
def _result() -> bytes:
    """A result of `fupin run`."""
    from tempfile import TemporaryDirectory

    from fupin_policy.cli.main import main

    with TemporaryDirectory() as folder:
        for name, table in (("h.csv", HOUSEHOLDS), ("m.csv", MEMBERS)):
            (Path(folder) / name).write_bytes(_written_csv(table, Random(0)))
        paths = [str(Path(folder) / name) for name in ("h.csv", "m.csv", "out.parquet")]
        assert main(_lesson("run", *paths[:2], "--as-of", DAY, "-o", paths[2], "--keep", "乡镇")) == 0
        return Path(paths[2]).read_bytes()


def result(folder: Path, chance: Random) -> Case:
    """A run's result that was changed, for totals and lists."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = folder / "result.parquet"
    if chance.random() < 0.5:
        path.write_bytes(bytes_mutated(_result(), chance))
    else:
        table = pq.read_table(io.BytesIO(_result()))
        at = chance.randrange(table.num_columns)
        junk = ["\x1b[2J", "a/b", "..", "x" * 300, "1", "", None]
        odd = pa.array(chance.choices(junk, k=table.num_rows), pa.string())
        kept = table.schema.metadata
        table = table.set_column(at, table.column_names[at], odd) if chance.random() < 0.7 else table.remove_column(at)
        pq.write_table(table.replace_schema_metadata(kept if chance.random() < 0.8 else None), path)
    if chance.random() < 0.5:
        return Case(_lesson("summary", path))
    return Case(_lesson("worklist", path, "-o", folder / "lists"))


def population(folder: Path, chance: Random) -> Case:
    """The file that says how a registry is invented."""
    text = (ROOT / "policies" / "anqiu" / "population" / "population.yaml").read_text(encoding="utf-8")
    (folder / "p.yaml").write_bytes(_text_mutated(text, chance))
    return Case(["synth", "--population", str(folder / "p.yaml"), "--households", "3", "-o", str(folder / "out")])


def source_text(folder: Path, chance: Random) -> Case:
    """The text of a source, held against the register."""
    text = "# 第一条\n1. 第一款。\n2. 第二款。\n" * chance.choice((1, 50))
    (folder / "s.txt").write_bytes(bytes_mutated(text.encode(), chance))
    return Case(["sources", "verify", str(folder / "s.txt"), "--format", "json"])


# ---- artifacts -----------------------------------------------------------------------------------------------------


@cache
def _artifact() -> bytes:
    from fupin_policy import load

    return load(LESSON).compile()


def _artifacts(chance: Random) -> Iterator[tuple[bytes, bool]]:
    """Changed modules; whether the checksum was made to fit."""
    from fupin_policy.evaluators.wasm.checksum import LENGTH, with_checksum

    while True:
        if chance.random() < 0.5:
            yield bytes_mutated(_artifact(), chance), False
        else:
            yield with_checksum(bytes_mutated(_artifact()[:-LENGTH], chance)), True


def wasm(folder: Path, chance: Random) -> Case:
    """Modules, whose checksum may have been made to fit: refused by Python, or read."""
    from fupin_policy.diagnostics import FupinError
    from fupin_policy.evaluators.wasm import read_manifest

    def holds(code: int, said: str) -> str | None:
        for _, (changed, fits) in zip(range(20), _artifacts(chance), strict=False):
            try:
                read_manifest(changed)
            except FupinError:
                continue
            if not fits and changed != _artifact():
                return "a changed module was read"
        return None

    return Case(["check", str(LESSON)], holds=holds)


_NODE = """
import { readFileSync } from "node:fs";
import { load } from "%s";
const household = { id: 1, 享受低保: true, 医疗费用: 7000, members: [{ id: 1, 出生日期: "1938-05-01" }] };
for (const path of process.argv.slice(2)) {
  try {
    const ruleset = await load(readFileSync(path));
    if (!path.includes("fits")) console.log(`${path}: a changed module was loaded`);
    ruleset.evaluate(household, "2019-06-30");
  } catch (error) {
    if (!(error instanceof Error)) console.log(`${path}: ${error}`);
  }
}
"""


def wasm_javascript(folder: Path, chance: Random) -> Case:
    """The same for JavaScript: an Error, not a hang; and never a changed one without a checksum that fits."""
    paths = []
    for number, (changed, fits) in zip(range(20), _artifacts(chance), strict=False):
        if changed != _artifact():
            paths.append(folder / f"{number}{'fits' if fits else ''}.wasm")
            paths[-1].write_bytes(changed)
    (folder / "load.mjs").write_text(_NODE % (ROOT / "hosts" / "js" / "src" / "index.js").as_uri(), encoding="utf-8")

    def holds(code: int, said: str) -> str | None:
        done = subprocess.run(["node", folder / "load.mjs", *paths], capture_output=True, text=True, check=False)
        return done.stdout + done.stderr if done.returncode or done.stdout else None

    return Case(["check", str(LESSON)], holds=holds)


READERS: dict[str, Callable[[Path, Random], Case]] = {
    "household": household,
    "ruleset": ruleset,
    "csv": csv_table,
    "excel": excel,
    "parquet": parquet,
    "duckdb": database,
    "address": address,
    "mapping": mapping,
    "audit": audit,
    "result": result,
    "population": population,
    "source": source_text,
    "wasm": wasm,
    **({"wasm-js": wasm_javascript} if which("node") else {}),
}
