"""Decision records: what was decided for whom, on which facts and rules, in a chain of hashes; and their verification.

In: households and a ruleset; later the record. Out: lines of JSON; diagnostics for the first entry that differs.
Called by the command line. No time of day is written, so that the same households give the same bytes. A chain shows
that nothing in it was altered or taken out afterwards; whether its end was cut off, or all of it written anew, shows
only in the last hash, kept elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from io import FileIO
from pathlib import Path
from typing import Any, NoReturn

from fupin_policy.core.days import to_day
from fupin_policy.diagnostics import Diagnostic, InputError, Reporter
from fupin_policy.files.atomic import locked
from fupin_policy.intake.number_facts import without_numbers
from fupin_policy.ruleset import Ruleset, day_of

START = "sha256:" + "0" * 64
"""What the first entry follows."""

WAIT = 30.0
"""How many seconds a writer waits for another."""

MAX_LENGTH = 1 << 26
"""Bytes of an entry; a line that is longer is none."""

_KEYS = {
    "entry": int,
    "previous": str,
    "input": dict,
    "ruleset": dict,
    "as_of": str,
    "decisions": list,
    "hash": str,
}


@dataclass(frozen=True, slots=True)
class Verified:
    """How many entries hold, the hash of the last of them, and what is wrong with the next, if anything is."""

    entries: int
    head: str
    problems: tuple[Diagnostic, ...]
    rules: str | None = field(default=None, compare=False)
    """The digest of the ruleset of the last entry, where a record is looked at to be continued."""


def canonical(value: object) -> bytes:
    """A value as the one JSON text that is hashed: keys in order, no blanks, UTF-8.

    Raises ValueError where a text in it is none, and RecursionError where it is nested too deeply.
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def plain(value: Any) -> Any:
    """A household as JSON has it, with numbers that are not whole as texts, as they may be given: no float, ever."""
    match value:
        case Mapping():
            return {str(key): plain(one) for key, one in value.items()}
        case list() | tuple():
            return [plain(one) for one in value]
        case bool() | int() | str() | None:
            return value
        case _:
            return str(value)


def digest(value: object) -> str:
    """`sha256:…` of a value's canonical text."""
    return "sha256:" + hashlib.sha256(canonical(value)).hexdigest()


def _rules(ruleset: Ruleset) -> dict[str, str]:
    return {"id": ruleset.id, "digest": ruleset.digest}


def _file_digests(ruleset: Ruleset) -> list[dict[str, Any]]:
    """Each file's SHA-256, by which the very bytes are found again that the rules were read from."""
    return [{"below": below, "file": name, "sha256": sha256} for below, name, sha256 in ruleset.program.files]


def entry(
    number: int, previous: str, ruleset: Ruleset, household: Mapping[str, Any], as_of: str, *, whole: bool = False
) -> dict[str, Any]:
    """The entry for a household on a date, after the entry with hash `previous`; `whole` has the ruleset's files, too.

    Of a number of identity stands in it what that tells, and not the number. Raises InputError.
    """
    household = plain(household)
    if any(fact.number is not None for fact in ruleset.facts):
        ruleset.read(household, as_of)
        household = plain(without_numbers(ruleset.program, household, to_day(day_of(ruleset.program, as_of))))
    evaluation = ruleset.evaluate(household, as_of).as_json()
    content = {
        "entry": number,
        "previous": previous,
        "input": {"digest": digest(household), "household": household},
        "ruleset": {**_rules(ruleset), **({"files": _file_digests(ruleset)} if whole else {})},
        "as_of": evaluation["as_of"],
        "decisions": evaluation["decisions"],
    }
    return {**content, "hash": digest(content)}


def append(
    path: Path, ruleset: Ruleset, households: Iterable[Mapping[str, Any]], as_of: str, seconds: float = WAIT
) -> Verified:
    """Add an entry for each household at the end of a record, which is verified first; earlier bytes stay as they are.

    One before which there are none by the same rules names the ruleset's files.

    Nothing is written to a record that does not verify as a chain. While one writes, another waits, for so many
    `seconds`. Raises InputError if it is still not its turn, where values are only tried, or for a household that
    cannot be read: what was decided before it is kept.
    """
    if ruleset.program.trial:
        raise InputError.of("A112", str(path), values=ruleset.program.trial)
    with _alone(path, seconds) as record:
        found = chain(path)
        if found.problems:
            return found
        number, head, rules = found.entries, found.head, found.rules
        for household in households:
            made = entry(number + 1, head, ruleset, household, as_of, whole=rules != ruleset.digest)
            _write(record, canonical(made) + b"\n")
            number, head, rules = number + 1, made["hash"], ruleset.digest
    return Verified(number, head, ())


class RecordKeeper:
    """A record that is open to be continued, entry by entry. Safe to share between threads."""

    def __init__(self, record: FileIO, found: Verified) -> None:
        self._record, self._lock = record, threading.Lock()
        self._number, self._head, self._rules = found.entries, found.head, found.rules

    def add(self, ruleset: Ruleset, household: Mapping[str, Any], as_of: str) -> tuple[int, str]:
        """Write an entry, so that it outlasts this machine's fall: its number and its hash. Raises InputError."""
        with self._lock:
            whole = self._rules != ruleset.digest
            made = entry(self._number + 1, self._head, ruleset, household, as_of, whole=whole)
            _write(self._record, canonical(made) + b"\n")
            os.fsync(self._record.fileno())
            self._number, self._head, self._rules = made["entry"], made["hash"], ruleset.digest
            return self._number, self._head


@contextmanager
def kept_record(path: Path, ruleset: Ruleset, seconds: float = WAIT) -> Iterator[RecordKeeper]:
    """A record that nobody else writes meanwhile, verified as a chain first.

    Raises InputError where it does not hold, is being written, or where values are only tried.
    """
    if ruleset.program.trial:
        raise InputError.of("A112", str(path), values=ruleset.program.trial)
    with _alone(path, seconds) as record:
        found = chain(path)
        if found.problems:
            raise InputError(found.problems)
        yield RecordKeeper(record, found)


@contextmanager
def _alone(path: Path, seconds: float) -> Iterator[FileIO]:
    """A record to append to, which nobody else is writing. One that stays empty is gone afterwards."""
    if path.exists() and not path.is_file():
        raise InputError.of("B171", str(path), file=path)
    with ExitStack() as stack:
        try:
            record = stack.enter_context(locked(path, "ab", seconds))
        except BlockingIOError:
            raise InputError.of("A110", str(path), record=path) from None
        try:
            yield record
        finally:
            os.fsync(record.fileno())
            if record.seek(0, os.SEEK_END) == 0:
                path.unlink()


def _write(record: FileIO, line: bytes) -> None:
    """Add a line, or nothing of it."""
    start = record.seek(0, os.SEEK_END)
    try:
        while line:
            line = line[record.write(line) :]
    except BaseException:
        record.truncate(start)
        raise


def chain(path: Path, ruleset: Ruleset | None = None) -> Verified:
    """Whether every entry is whole, in order, and follows the one before; with a ruleset, also what it decides."""
    number, head, rules = 0, START, None
    with path.open("rb") as record:
        for line in iter(partial(record.readline, MAX_LENGTH), b""):
            place, found = f"{path}:{number + 1}", _parsed(line)
            if found is None:
                return Verified(number, head, (Diagnostic.of("A101", place),))
            problems = _linked(place, number + 1, head, found)
            if ruleset is not None and not problems:
                problems = _replayed(place, found, ruleset)
            if problems:
                return Verified(number, head, problems)
            number, head, rules = number + 1, found["hash"], found["ruleset"].get("digest")
    return Verified(number, head, (), rules)


def verify(path: Path, ruleset: Ruleset, head: str | None = None) -> Verified:
    """The chain, and every decision evaluated anew by both evaluators. `head` is the last hash as kept elsewhere.

    Stops at the first entry with a problem, and gives all that is wrong with it. Raises OSError.
    """
    found = chain(path, ruleset)
    if found.problems or head in (None, found.head):
        return found
    return replace(found, problems=(Diagnostic.of("A108", str(path), found=found.head, wanted=head),))


def _parsed(line: bytes) -> dict[str, Any] | None:
    """An entry, if the line is just what would have been written for it."""
    try:
        found = json.loads(line, parse_float=_no_number, parse_constant=_no_number)
        whole = line == canonical(found) + b"\n"
    except (ValueError, RecursionError):
        return None
    if not (whole and isinstance(found, dict) and set(found) == set(_KEYS)):
        return None
    kinds = all(type(found[key]) is kind for key, kind in _KEYS.items())
    given = kinds and set(found["input"]) == {"digest", "household"} and isinstance(found["input"]["household"], dict)
    return found if given else None


def _no_number(text: str) -> NoReturn:
    """No entry has a number that is not whole."""
    raise ValueError(text)


def _linked(place: str, number: int, previous: str, found: dict[str, Any]) -> tuple[Diagnostic, ...]:
    reporter = Reporter()
    if found["entry"] != number:
        reporter.report("A102", place, found=str(found["entry"]), wanted=str(number))
    if found["previous"] != previous:
        reporter.report("A103", place)
    if found["hash"] != digest({key: value for key, value in found.items() if key != "hash"}):
        reporter.report("A104", place)
    if found["input"]["digest"] != digest(found["input"]["household"]):
        reporter.report("A105", place)
    return reporter.diagnostics


def _replayed(place: str, found: dict[str, Any], ruleset: Ruleset) -> tuple[Diagnostic, ...]:
    """The decisions against those of the interpreter and of the compiled rules."""
    if {key: value for key, value in found["ruleset"].items() if key != "files"} != _rules(ruleset):
        return (Diagnostic.of("A106", place, found=str(found["ruleset"].get("digest")), wanted=ruleset.digest),)
    reporter = Reporter()
    household, as_of = found["input"]["household"], found["as_of"]
    try:
        evaluations = [how(household, as_of).as_json() for how in (ruleset.interpret, ruleset.evaluate)]
    except InputError as error:
        for problem in error.diagnostics:
            said = problem.as_json()
            reporter.report("A109", place, place=said["place"] or "", zh=said["zh"], en=said["en"])
        return reporter.diagnostics
    for evaluation in evaluations:
        if as_of != evaluation["as_of"]:
            reporter.report("A111", place, found=as_of, wanted=evaluation["as_of"])
        _compared(place, found["decisions"], json.loads(canonical(evaluation["decisions"])), reporter)
        if reporter.diagnostics:
            break
    return reporter.diagnostics


def _compared(place: str, recorded: Any, anew: list[dict[str, Any]], reporter: Reporter) -> None:
    if not isinstance(recorded, list) or len(recorded) != len(anew):
        reporter.report("A107", place, policy="*", field="decisions", found=_short(recorded), wanted=f"{len(anew)}")
        return
    for was, becomes in zip(recorded, anew, strict=True):
        for name in sorted({*was, *becomes} if isinstance(was, dict) else {*becomes}):
            old = was.get(name) if isinstance(was, dict) else was
            if canonical(old) != canonical(becomes.get(name)):
                said = {"found": _short(old), "wanted": _short(becomes.get(name))}
                reporter.report("A107", place, policy=becomes["policy"], field=name, **said)


def _short(value: object) -> str:
    text = canonical(value).decode()
    return text if len(text) <= 80 else text[:77] + "…"
