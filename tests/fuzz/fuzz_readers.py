"""Every reader with what it may be given: a command, files made from a valid seed, and how many rows went in.

In: an empty folder and chance. Out: a `Case`. Called by `fuzz_worker`.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from shutil import copytree, which

from fuzz_artifacts import wasm, wasm_javascript
from fuzz_case import DAY, HOUSEHOLDS, LESSON, MEMBERS, ONE, ROOT, SECRET, Case, lesson, text_mutated
from fuzz_mutations import bytes_mutated, lines_mutated, tree_mutated
from fuzz_tables import csv_table, database, excel, parquet, run_of, written_csv

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
        return Case(lesson(command, "--as-of", DAY, "-"), data)
    (folder / f"h{ending}").write_bytes(data)
    return Case(lesson(command, "--as-of", DAY, folder / f"h{ending}"))


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
        path.write_bytes(text_mutated(path.read_text(encoding="utf-8"), chance))
    if chance.random() < 0.3:
        _odd_file(folder / "rules", chance)
    command = chance.choices(("check", "test", "fmt", "compile"), (8, 1, 1, 1))[0]
    if command == "compile":
        return Case(["compile", "--ruleset", str(folder / "rules"), "-o", str(folder / "x.wasm")])
    return Case([command, str(folder / "rules"), "--format", "json", *(["--check"] if command == "fmt" else [])])


# ---- addresses and mappings ------------------------------------------------------------------------------------------


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

    (folder / "h.csv").write_bytes(written_csv(HOUSEHOLDS, Random(0)))
    out, own = str(folder / "out.parquet"), str(folder / "h.csv")
    commands = (("map", spec), ("run", spec, spec, "-o", out), ("run", own, spec, "-o", out), ("run", own, "-o", spec))
    command, *arguments = chance.choice(commands)
    return Case(lesson(command, *arguments, *(["--as-of", DAY] if command == "run" else [])), holds=holds)


def mapping(folder: Path, chance: Random) -> Case:
    """The file that says which column is which fact."""
    (folder / "h.csv").write_bytes(written_csv(HOUSEHOLDS, Random(0)))
    (folder / "m.csv").write_bytes(written_csv(MEMBERS, Random(0)))
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
    (folder / "map.yaml").write_bytes(text_mutated(text, chance))
    return run_of(folder, folder / "h.csv", folder / "m.csv", (4, 6), "--mapping", str(folder / "map.yaml"))


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
            (Path(folder) / name).write_bytes(written_csv(table, Random(0)))
        paths = [str(Path(folder) / name) for name in ("h.csv", "m.csv", "out.parquet")]
        assert main(lesson("run", *paths[:2], "--as-of", DAY, "-o", paths[2], "--keep", "乡镇")) == 0
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
        return Case(lesson("summary", path))
    return Case(lesson("worklist", path, "-o", folder / "lists"))


def population(folder: Path, chance: Random) -> Case:
    """The file that says how a registry is invented."""
    text = (ROOT / "policies" / "anqiu" / "population" / "population.yaml").read_text(encoding="utf-8")
    (folder / "p.yaml").write_bytes(text_mutated(text, chance))
    return Case(["synth", "--population", str(folder / "p.yaml"), "--households", "3", "-o", str(folder / "out")])


def source_text(folder: Path, chance: Random) -> Case:
    """The text of a source, held against the register."""
    text = "# 第一条\n1. 第一款。\n2. 第二款。\n" * chance.choice((1, 50))
    (folder / "s.txt").write_bytes(bytes_mutated(text.encode(), chance))
    return Case(["sources", "verify", str(folder / "s.txt"), "--format", "json"])


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
