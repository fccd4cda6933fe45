"""A result of a run, opened for reports: its rows as a relation of DuckDB, and where it comes from.

In: the Parquet file or folder that a run wrote, or its result for people. Out: `RunResult`. Called by `worklist` and
`summary`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from fupin_policy.batch.change_rows import PREVIOUS_DAY, ChangeRows, changes_of
from fupin_policy.batch.output_layouts import LONG, PERIODS
from fupin_policy.batch.people_reading import PEOPLE_FORMS, ReadFolder, parquet_of
from fupin_policy.batch.sources import damage
from fupin_policy.batch.sql import parquet
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.decision import Status
from fupin_policy.core.policies import PolicyVersion
from fupin_policy.core.program import Program
from fupin_policy.decisions.responsibility import Organisation, filing_places, names_of
from fupin_policy.decisions.rule_metadata import RuleMetadata, metadata_of
from fupin_policy.diagnostics import InputError
from fupin_policy.ruleset import Ruleset

NEEDED = tuple(LONG.names)

UNDATED = (".duckdb", ".db")
"""Forms of results that say neither of which day nor of which rules they are."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """One run's decisions on a date. `relation` is SQL for its rows; `place` the column of the households' places.

    `rejects` is the file beside it of what was refused, if it is there.
    """

    relation: str
    columns: tuple[str, ...]
    as_of: date
    place: str | None
    changes: ChangeRows | None = None
    """What is not as in the run before, if it went on from one."""
    since: date | None = None
    """The day of that run."""
    rejects: Path | None = None
    copy: ReadFolder | None = None
    """What keeps the rows there that were read back."""
    given: tuple[Path, ...] = ()
    """Its files as they were given."""


@dataclass(frozen=True, slots=True)
class OpenedFiles:
    """A result's files, the columns that they have, and what they say of themselves."""

    files: tuple[Path, ...]
    columns: tuple[str, ...]
    said: Mapping[str, str]
    as_of: date
    given: tuple[Path, ...]
    """The files as they were given: of a result for people, which was read back, not those."""
    copy: ReadFolder | None = None


def rejects_beside(decisions: Path) -> Path:
    """Where the rows that a run refused stand: a file beside its decisions."""
    return decisions.parent / f"{decisions.stem}.rejects.csv"


def opened_files(path: Path) -> OpenedFiles:
    """A result of any rules. Raises InputError where it is none; OSError if it is not there."""
    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    if not files or not files[0].is_file():
        raise FileNotFoundError(2, "no such file", str(path))
    given, copy = tuple(files), None
    if path.suffix.lower() in UNDATED:
        raise InputError.of("B168", path.name, file=path.name)
    if path.suffix.lower() in PEOPLE_FORMS:
        found, copy = parquet_of(path)
        files = [found]
    schema = _schema(files[0])
    said = {key.decode(errors="replace"): value.decode(errors="replace") for key, value in schema.metadata.items()}
    lacking, day = _lacking(schema), _day(said.get("fupin.as_of", ""))
    if lacking or day is None:
        raise InputError.of("B113", path.name, file=path.name, columns=lacking or "fupin.as_of")
    return OpenedFiles(tuple(files), tuple(schema.names), said, day, given, copy)


def open_result(path: Path, ruleset: Ruleset) -> RunResult:
    """A result of these rules. Raises InputError where it is none, or of other rules; OSError if it is not there."""
    opened = opened_files(path)
    said = opened.said
    if said.get("fupin.digest") != ruleset.digest:
        found = " ".join(said[key] for key in ("fupin.ruleset", "fupin.digest") if key in said) or "-"
        raise InputError.of("B118", path.name, file=path.name, found=found, wanted=f"{ruleset.id} {ruleset.digest}")
    if strange := _strange(path, opened.files, ruleset):
        raise InputError.of("B113", path.name, file=path.name, columns=strange)
    place = place_column(ruleset.program, opened.columns)
    changes, since = changes_of(path, said), _day(said.get(PREVIOUS_DAY, ""))
    beside = rejects_beside(path)
    rejects = beside if beside.is_file() else None
    beside_it = (changes, since, rejects)
    return RunResult(parquet(opened.files), opened.columns, opened.as_of, place, *beside_it, opened.copy, opened.given)


def place_column(program: Program, columns: Collection[str]) -> str | None:
    """The column of the households' places among some, by which they are filed."""
    labels = {fact.name: fact.label for fact in program.facts}
    return next((labels[name] for name in filing_places(program) if labels[name] in columns), None)


@contextmanager
def intact(*paths: Path) -> Iterator[None]:
    """While results are read: what is damaged within them becomes an InputError."""
    try:
        yield
    except duckdb.Error as error:
        names = [path.name for path in paths]
        raise InputError.of("B110", ", ".join(names), file=names, **damage(error)) from None


def _schema(file: Path) -> pa.Schema:
    """A Parquet file's columns; none of what is no such file."""
    try:
        found = pq.read_schema(file)
    except pa.ArrowException:
        return pa.schema([], {})
    except OSError as error:
        if error.errno is not None:
            raise
        return pa.schema([], {})  # so does pyarrow say of a broken footer
    return found if found.metadata is not None else found.with_metadata({})


def _lacking(schema: pa.Schema) -> list[str]:
    """The columns that are not there, not once, or of another kind."""
    return [
        field.name
        for field in LONG
        if schema.names.count(field.name) != 1 or not _alike(schema.field(field.name), field)
    ]


def _alike(one: pa.Field, other: pa.Field) -> bool:
    kinds = (pa.types.is_integer, pa.types.is_boolean, _is_text)
    types = [each.value_type if pa.types.is_dictionary(each := field.type) else each for field in (one, other)]
    return any(all(map(kind, types)) for kind in kinds)


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _strange(path: Path, files: Sequence[Path], ruleset: Ruleset) -> list[str]:
    """The columns in which stands what no run of these rules writes."""
    known: dict[str, Sequence[str | None]] = {
        "policy": [policy.id for policy in ruleset.policies],
        "status": [status.value for status in Status],
        "per": [*PERIODS, None],
    }
    found = []
    with intact(path), duckdb.connect() as connection:
        for column, words in known.items():
            rows = connection.execute(f"SELECT DISTINCT CAST({column} AS VARCHAR) FROM {parquet(files)}").fetchall()
            if {word for (word,) in rows} - set(words):
                found.append(column)
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def rules_in_force(ruleset: Ruleset, day: date) -> dict[str, tuple[PolicyVersion, RuleMetadata]]:
    """By its id each policy in force on a date: its version, and what is the same for every household."""
    snapshot = ruleset.snapshot(day)
    return {
        rule.policy.id: (rule.version, metadata_of(snapshot, rule))
        for rule in snapshot.rules
        if rule.version is not None
    }


def leads_in(result: RunResult) -> str:
    """SQL for who surely leads and who may in a row, as one text; null where that does not depend on facts."""
    if "possible_lead" not in result.columns:
        return "CAST(NULL AS VARCHAR)"
    return "array_to_string(lead, chr(10)) || chr(9) || array_to_string(possible_lead, chr(10))"


def leading(
    program: Program, metadata: RuleMetadata, leads: str | None, place: str | None, column: str | None
) -> tuple[tuple[Bilingual, ...], tuple[Bilingual, ...]]:
    """Who surely leads and who may, of rows with a text of `leads_in` at a place, which stands in a column."""
    if leads is None:
        return names_at(program, metadata.lead, place, column), ()
    known = (*(one for some in metadata.answers for one in some.lead), *metadata.lead)
    bodies = {one.name.zh: one for one in known}
    named = ([bodies[name] for name in part.split("\n") if name in bodies] for part in leads.split("\t"))
    sure, may = (names_at(program, some, place, column) for some in named)
    return sure, tuple(one for one in may if one not in sure)


def names_at(
    program: Program, bodies: Iterable[Organisation], place: str | None, column: str | None
) -> tuple[Bilingual, ...]:
    """The names of those who answer for households of a place (its label, or None where it is not known).

    Bodies that go by another fact than that of the column have their own name.
    """
    office = next((known.office for known in program.places.values() if known.label == place), None)
    facts = [fact.name for fact in program.facts if fact.label == column]
    return names_of(bodies, lambda fact: office if fact in facts else None)
