"""Decision records: whatever is altered, taken out, added, exchanged or decided otherwise is found, and named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import FileIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fupin_policy import load
from fupin_policy.analysis.audit import START, append, canonical, digest, verify
from fupin_policy.cli.main import main
from fupin_policy.diagnostics import InputError, Reporter
from fupin_policy.files.atomic import locked
from fupin_policy.intake.csv_extract import read_extract
from fupin_policy.ruleset import SHIPPED

AS_OF = "2019-06-30"
RULES = load()
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def households() -> list[dict[str, Any]]:
    demo = SHIPPED / "demo"
    extract = read_extract(demo / "households.csv", demo / "members.csv", RULES.program, Reporter())
    return [dict(household) for household in extract[:6]]


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("audit") / "record.jsonl"
    assert append(path, RULES, households(), AS_OF).entries == 6
    return path


def codes(path: Path) -> tuple[int, set[str]]:
    found = verify(path, RULES)
    return found.entries, {problem.code for problem in found.problems}


def altered(record: Path, tmp_path: Path, lines: list[bytes]) -> Path:
    path = tmp_path / "altered.jsonl"
    path.write_bytes(b"".join(lines))
    return path


def test_a_record_holds(record: Path) -> None:
    found = verify(record, RULES)
    assert (found.entries, found.problems) == (6, ())
    last = json.loads(record.read_bytes().splitlines()[-1])
    assert found.head == last["hash"] and verify(record, RULES, found.head).problems == ()


def test_in_two_goes_it_is_the_same(record: Path, tmp_path: Path) -> None:
    path = tmp_path / "two.jsonl"
    append(path, RULES, households()[:2], AS_OF)
    append(path, RULES, households()[2:], AS_OF)
    assert path.read_bytes() == record.read_bytes()


@QUICK
@given(st.data())
def test_any_byte_that_is_altered_is_found(record: Path, tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(record.read_bytes())
    position = data.draw(st.integers(0, len(content) - 1))
    content[position] ^= data.draw(st.integers(1, 255))
    line = bytes(record.read_bytes())[:position].count(b"\n")
    entries, found = codes(altered(record, tmp_path, [bytes(content)]))
    assert found and entries in (line, line - 1, line + 1) and entries <= line


@QUICK
@given(st.integers(0, 5), st.integers(0, 5))
def test_lines_taken_out_doubled_or_exchanged_are_found(record: Path, tmp_path: Path, one: int, other: int) -> None:
    lines = record.read_bytes().splitlines(keepends=True)
    doubled = altered(record, tmp_path, [*lines[: one + 1], lines[one], *lines[one + 1 :]])
    assert codes(doubled) == (one + 1, {"A102", "A103"})
    if one < 5:
        assert codes(altered(record, tmp_path, [*lines[:one], *lines[one + 1 :]])) == (one, {"A102", "A103"})
    if one != other:
        first = min(one, other)
        lines[one], lines[other] = lines[other], lines[one]
        entries, found = codes(altered(record, tmp_path, lines))
        assert entries == first and "A102" in found


def test_a_torn_end_is_found_and_nothing_is_added_to_it(record: Path, tmp_path: Path) -> None:
    torn = altered(record, tmp_path, [record.read_bytes()[:-10]])
    assert codes(torn) == (5, {"A101"})
    before = torn.read_bytes()
    assert append(torn, RULES, households(), AS_OF).problems and torn.read_bytes() == before


def test_an_end_that_is_cut_off_shows_in_the_hash_kept_elsewhere(record: Path, tmp_path: Path) -> None:
    lines = record.read_bytes().splitlines(keepends=True)
    head = json.loads(lines[-1])["hash"]
    cut = altered(record, tmp_path, lines[:-1])
    assert verify(cut, RULES).problems == ()
    assert [problem.code for problem in verify(cut, RULES, head).problems] == ["A108"]


@QUICK
@given(st.data())
def test_a_forger_who_makes_a_new_chain_is_found_by_deciding_anew(
    record: Path, tmp_path: Path, data: st.DataObject
) -> None:
    entries = [json.loads(line) for line in record.read_bytes().splitlines()]
    at = data.draw(st.integers(0, len(entries) - 1))
    decision = data.draw(st.sampled_from(entries[at]["decisions"]))
    wanted = "eligible" if decision["status"] != "eligible" else "ineligible"
    decision["status"] = wanted
    entries[at]["decisions"] = [
        decision if one["policy"] == decision["policy"] else one for one in entries[at]["decisions"]
    ]
    previous = START
    for one in entries:
        one["previous"] = previous
        one["hash"] = digest({key: value for key, value in one.items() if key != "hash"})
        previous = one["hash"]
    forged = altered(record, tmp_path, [canonical(one) + b"\n" for one in entries])
    found = verify(forged, RULES)
    assert found.entries == at
    (problem,) = found.problems
    assert problem.code == "A107" and dict(problem.args)["policy"] == decision["policy"]


def test_other_rules_are_named(record: Path, tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(SHIPPED, folder)
    path = folder / "parameters.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("status: example", "status: reported", 1), encoding="utf-8"
    )
    other = load(folder, cache=False)
    found = verify(record, other)
    assert [problem.code for problem in found.problems] == ["A106"] and found.entries == 0


def test_a_household_that_cannot_be_read_stops_the_record_and_keeps_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "record.jsonl"
    with pytest.raises(InputError):
        append(path, RULES, [households()[0], {"id": "h", "人均纯收入": "很多", "members": []}], AS_OF)
    assert verify(path, RULES).entries == 1


def test_numbers_that_are_not_whole_are_kept_as_they_were_given(tmp_path: Path) -> None:
    path, file = tmp_path / "record.jsonl", tmp_path / "h.json"
    file.write_text('{"id": "h", "人均纯收入": 2994.99, "members": [{"id": "m1"}]}', encoding="utf-8")
    assert main(["audit", "record", str(file), "--as-of", AS_OF, "-o", str(path)]) == 0
    assert b'"2994.99"' in path.read_bytes() and verify(path, RULES).entries == 1


def test_the_command(record: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "verify", str(record)]) == 0
    assert "6 条全部相符" in capsys.readouterr().out
    cut = altered(record, tmp_path, record.read_bytes().splitlines(keepends=True)[1:])
    assert main(["audit", "verify", str(cut)]) == 1
    shown = capsys.readouterr().err
    assert "A102" in shown and "altered.jsonl:1" in shown
    assert main(["audit", "verify", str(record), "--head", "sha256:00", "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["problems"][0]["code"] == "A108"


def sealed(entries: list[dict[str, Any]]) -> list[bytes]:
    """A chain made anew, as a forger would."""
    previous = START
    for one in entries:
        one["previous"] = previous
        one["hash"] = digest({key: value for key, value in one.items() if key != "hash"})
        previous = one["hash"]
    return [canonical(one) + b"\n" for one in entries]


def entries_of(record: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in record.read_bytes().splitlines()]


@pytest.mark.fault("B14")
class TestSeveralWriters:
    def test_they_wait_for_each_other(self, tmp_path: Path) -> None:
        path, some = tmp_path / "record.jsonl", households()
        with ThreadPoolExecutor(3) as pool:
            found = list(pool.map(lambda at: append(path, RULES, some[at : at + 2], AS_OF), (0, 2, 4)))
        assert sorted(one.entries for one in found) == [2, 4, 6]
        assert verify(path, RULES) == max(found, key=lambda one: one.entries)

    def test_who_waits_too_long_is_refused_and_writes_nothing(self, tmp_path: Path) -> None:
        path = tmp_path / "record.jsonl"
        append(path, RULES, households()[:1], AS_OF)
        before = path.read_bytes()
        with locked(path, "ab"), pytest.raises(InputError, match="A110"):
            append(path, RULES, households()[1:], AS_OF, seconds=0.1)
        assert path.read_bytes() == before and append(path, RULES, households()[1:2], AS_OF).entries == 2

    def test_a_full_disk_leaves_no_torn_end(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path, whole = tmp_path / "record.jsonl", FileIO.write
        append(path, RULES, households()[:2], AS_OF)
        before = path.read_bytes()

        class Full(FileIO):
            def write(self, content: Any) -> int:
                if len(content) < 100:
                    raise OSError(28, "No space left on device")
                return whole(self, content[: len(content) - 50])

        monkeypatch.setattr("fupin_policy.files.atomic.FileIO", Full)
        with pytest.raises(OSError, match="No space"):
            append(path, RULES, households()[2:], AS_OF)
        assert path.read_bytes() == before

    def test_a_record_in_which_nothing_is_written_is_not_made(self, tmp_path: Path) -> None:
        assert append(tmp_path / "record.jsonl", RULES, [], AS_OF).entries == 0
        with pytest.raises(InputError):
            append(tmp_path / "record.jsonl", RULES, [{"members": 3}], AS_OF)
        assert list(tmp_path.iterdir()) == []


@pytest.mark.fault("B15")
class TestOneFormOnly:
    @pytest.mark.parametrize(
        ("how", "found"),
        [
            (lambda one: one.update(entry=1.0), {"A101"}),
            (lambda one: one.update(entry=True), {"A101"}),
            (lambda one: one.update(entry="1"), {"A101"}),
            (lambda one: one.update(as_of=f" {AS_OF}"), {"A111"}),
            (lambda one: one.update(as_of=f"{AS_OF}\n"), {"A111"}),
            (lambda one: one.update(as_of="2019-6-30"), {"A109"}),
            (lambda one: one.update(decisions={}), {"A101"}),
            (lambda one: one["input"]["household"].update({"人均纯收入": 5099.5}), {"A101", "A105"}),
            (lambda one: one["decisions"][0].update(provisional=0), {"A107"}),
            (lambda one: one["input"].update(extra=1), {"A101"}),
            (lambda one: one["input"].update(household=[]), {"A101"}),
        ],
    )
    def test_what_is_equal_but_not_the_same(
        self, how: Callable[[dict[str, Any]], None], found: set[str], record: Path, tmp_path: Path
    ) -> None:
        entries = entries_of(record)
        how(entries[0])
        assert codes(altered(record, tmp_path, sealed(entries)))[1] & found

    @pytest.mark.parametrize(
        "line",
        [
            b"[" * 100_000 + b"]" * 100_000,
            b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
            b'{"entry":"\\ud800"}',
            b'{"entry":NaN}',
            b'{"entry":' + b"9" * 5000 + b"}",
            b"\xff\xfe",
            b"\xed\xa0\x80",
            b"1e400",
            b"",
        ],
    )
    def test_lines_that_are_none(self, line: bytes, tmp_path: Path) -> None:
        path = tmp_path / "record.jsonl"
        path.write_bytes(line + b"\n")
        assert codes(path) == (0, {"A101"})
        before = path.read_bytes()
        assert append(path, RULES, households()[:1], AS_OF).problems and path.read_bytes() == before

    def test_a_line_without_end(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("fupin_policy.analysis.audit.MAX_LENGTH", 1000)
        path = tmp_path / "record.jsonl"
        path.write_bytes(b"0" * 5000)
        assert codes(path) == (0, {"A101"})

    @QUICK
    @given(st.binary(max_size=200))
    def test_any_bytes(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "record.jsonl"
        path.write_bytes(content)
        assert codes(path) == ((0, set()) if content == b"" else (0, {"A101"}))

    def test_the_day_is_written_in_one_way(self, tmp_path: Path) -> None:
        path = tmp_path / "record.jsonl"
        append(path, RULES, households()[:1], f" {AS_OF} ")
        assert entries_of(path)[0]["as_of"] == AS_OF and verify(path, RULES).problems == ()
