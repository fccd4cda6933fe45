"""Numbers of identity in one household: what they fill, what contradicts them, and that they stand nowhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from numbered import FACTS, MAN, OLD_WOMEN, WOMAN, household, numbered, rejecting
from small_rulesets import DAY, policy

from fupin_policy import InputError, Ruleset
from fupin_policy.analysis import audit
from fupin_policy.core.decision import Status
from fupin_policy.core.evaluation import Evaluation
from fupin_policy.diagnostics import RulesetError
from fupin_policy.reports.decisions_text import evaluation_text


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return numbered(tmp_path_factory.mktemp("numbered"))


def violated(found: Evaluation) -> list[str]:
    return [one.name for one in found.violated]


def statuses(found: Evaluation) -> dict[str, str]:
    return {one.name: one.status for one in found.figures}


def test_a_number_tells_the_day_of_birth_and_the_sex(ruleset: Ruleset) -> None:
    found = ruleset.evaluate(household({"身份证号": WOMAN}), DAY)
    assert found["p.old"].status is Status.ELIGIBLE and found.violated == ()
    assert statuses(found) == {
        **dict.fromkeys(["id_number.legible", "id_number.valid", "id_number.birth", "id_number.sex"], "holds"),
        "id_number.unique": "not_checkable",
    }
    assert found.as_json()["derived"] == [
        {"fact": "birth", "label": "出生日期", "member": "m1", "number": "id_number"},
        {"fact": "sex", "label": "性别", "member": "m1", "number": "id_number"},
    ]
    assert ruleset.interpret(household({"身份证号": WOMAN}), DAY) == found


def test_it_is_met_with_what_is_given(ruleset: Ruleset) -> None:
    """What is given in part, or is said to be unknown, is narrowed by it; where it says no more nothing is derived."""
    for birth in ("1949", "194912", {"min": "1940-01-01"}, {"one_of": ["1949-12-31", "1950-01-01"]}, "不详", {}):
        found = ruleset.evaluate(household({"身份证号": WOMAN, "birth": birth, "性别": "女"}), DAY)
        assert found["p.old"].status is Status.ELIGIBLE and found.violated == ()
        assert [one.name for one in found.derived] == ["birth"]
    same = ruleset.evaluate(household({"身份证号": WOMAN, "birth": "19491231", "性别": "2"}), DAY)
    assert same.derived == () and "derived" not in same.as_json()


@pytest.mark.parametrize(
    ("given", "check", "status"),
    [
        ({"出生日期": "1990-01-01"}, ["id_number.birth"], Status.INELIGIBLE),
        ({"出生日期": "1948"}, ["id_number.birth"], Status.ELIGIBLE),
        ({"性别": "男"}, ["id_number.sex"], Status.INELIGIBLE),
        ({"出生日期": {"max": "1930-01-01"}, "性别": "1"}, ["id_number.birth", "id_number.sex"], Status.INELIGIBLE),
    ],
)
def test_where_they_contradict_what_is_given_is_used(
    ruleset: Ruleset, given: dict[str, Any], check: list[str], status: Status
) -> None:
    found = ruleset.evaluate(household({"身份证号": WOMAN, **given}), DAY)
    assert violated(found) == check and found["p.old"].status is status


@pytest.mark.parametrize(
    ("number", "check"),
    [
        ("110105194912310021", ["id_number.valid"]),
        ("110105****1231002X", ["id_number.legible"]),
        ("110105491231002", ["id_number.legible"]),
        ("3.70784E+17", ["id_number.legible"]),
        ("440524188001010014", ["id_number.valid"]),
        ("", []),
        ("无", []),
    ],
)
def test_of_a_number_that_cannot_be_right_or_read_nothing_is_taken(
    ruleset: Ruleset, number: str, check: list[str]
) -> None:
    """1880 is before the range of the fact: nobody whom it is about was born then."""
    found = ruleset.evaluate(household({"身份证号": number}), DAY)
    assert violated(found) == check and found["p.old"].status is Status.UNKNOWN and found.derived == ()
    assert statuses(found)["id_number.birth"] == "not_checkable"


def test_nobody_is_born_after_the_day_asked_about(ruleset: Ruleset) -> None:
    assert violated(ruleset.evaluate(household({"身份证号": MAN}), DAY)) == []
    later = ruleset.evaluate(household({"身份证号": "99000120191231001" + "8"}), DAY)
    assert violated(later) == ["id_number.valid"]


def test_a_check_that_rejects_is_an_error_of_the_input_with_its_place(tmp_path: Path) -> None:
    strict = rejecting(tmp_path)
    with pytest.raises(InputError) as raised:
        strict.evaluate(household({"身份证号": WOMAN}, {"身份证号": MAN, "性别": "女"}), DAY)
    (problem,) = raised.value.diagnostics
    assert (problem.code, problem.place) == ("H073", "members[1].身份证号与性别相符")
    assert "第 17 位" in problem.sentence("zh") and "digit 17" in problem.sentence("en")
    masked = strict.evaluate(household({"身份证号": "110105****1231002X"}), DAY)
    assert violated(masked) == ["id_number.legible"]  # it may be right, which nobody can see


def test_two_of_a_household_with_one_number_are_told(ruleset: Ruleset) -> None:
    found = ruleset.evaluate(household({"身份证号": WOMAN}, {"身份证号": "110105491231002"}, {"身份证号": MAN}), DAY)
    assert [one.value for one in found.figure("id_number.unique").values] == [0, 0, 2]
    assert violated(found) == ["id_number.legible", "id_number.unique"]


def test_nothing_is_asked_assumed_or_required_that_a_number_tells(tmp_path: Path) -> None:
    facts = FACTS.replace("past: true}", "past: true, required: true}").replace(
        "codes: sex}", "codes: sex, absent: 男, why: {zh: 试, en: trial}}"
    )
    ruleset = numbered(tmp_path, facts)
    found = ruleset.evaluate(household({"身份证号": WOMAN}), DAY)
    assert found["p.old"].status is Status.ELIGIBLE and found["p.old"].assumed == ()
    with pytest.raises(InputError) as raised:
        ruleset.evaluate(household({"身份证号": "110105194912310021"}), DAY)
    assert [one.code for one in raised.value.diagnostics] == ["H016"]


def test_the_number_itself_stands_nowhere(ruleset: Ruleset) -> None:
    given = household(
        {"身份证号": WOMAN, "出生日期": "1990-01-01"}, {"身份证号": "110105194912310021"}, {"身份证号": MAN}
    )
    found = ruleset.evaluate(given, DAY)
    told = [
        json.dumps(found.as_json()),
        evaluation_text(found, ruleset.program, "zh"),
        evaluation_text(found, ruleset.program, "en"),
        *(one.text("zh") + json.dumps(one.as_json(), default=str) for one in ruleset.explain(given, DAY)),
        repr(ruleset.read(given, DAY)),
    ]
    assert not any(number[:-1] in text for number in (WOMAN, MAN) for text in told)
    broken = household({"身份证号": {"a": WOMAN}}, {"id_number": WOMAN, "身份证号": WOMAN})
    with pytest.raises(InputError) as raised:
        ruleset.evaluate(broken, DAY)
    assert WOMAN not in str(raised.value) and [one.code for one in raised.value.diagnostics] == ["H031", "H015"]


def test_text_and_explanations_say_what_comes_from_the_number(ruleset: Ruleset) -> None:
    given = household({"身份证号": WOMAN}, {"出生日期": "1950-01-01", "身份证号": "110105****1231002X"})
    zh, en = (
        evaluation_text(ruleset.evaluate(given, DAY), ruleset.program, lang).splitlines() for lang in ("zh", "en")
    )
    assert "  * 由身份证号得出：m1.出生日期、m1.性别" in zh
    assert "  * from the id number: m1.birth, m1.sex" in en
    assert any(line.startswith("  ! 数据疑点 m2：身份证号被遮盖、位数不对") for line in zh)
    (told,) = ruleset.explain(given, DAY, "p.old")
    assert "  * 由身份证号得出：m1.出生日期、m1.性别" in told.text("zh").splitlines()
    (other,) = ruleset.explain(given, DAY, "p.p")
    assert other.derived == ()


def test_what_is_said_of_a_number_instead_of_it_counts_too(ruleset: Ruleset) -> None:
    """A registry that has verified numbers need not hand them on; beside a number it is told twice."""
    found = ruleset.evaluate(household({"身份证号无误": "否"}), DAY)
    assert violated(found) == ["id_number.valid"]
    for key in ("身份证号无误", "id_number.valid"):
        with pytest.raises(InputError) as raised:
            ruleset.evaluate(household({key: "否", "身份证号": WOMAN}), DAY)
        assert [one.code for one in raised.value.diagnostics] == ["H015"]


def test_a_number_of_the_household_itself(tmp_path: Path) -> None:
    facts = FACTS.replace("for: member", "for: household")
    ruleset = numbered(tmp_path, facts, policy(OLD_WOMEN, name="old"))
    found = ruleset.evaluate({**household(), "身份证号": WOMAN}, DAY)
    assert found["p.old"].status is Status.ELIGIBLE and [one.said("zh") for one in found.derived] == [
        "出生日期",
        "性别",
    ]


def test_a_record_has_what_a_number_tells_in_its_place(ruleset: Ruleset) -> None:
    given = household({"身份证号": WOMAN}, {"身份证号": "110105194912310021"}, {"id_number": WOMAN, "性别": "男"})
    made = audit.entry(1, "", ruleset, given, DAY)
    first, second, third = made["input"]["household"]["members"]
    assert first["出生日期"] == "1949-12-31" and first["id_number.unique"] is False
    assert second["id_number.valid"] is False and third["id_number.sex"] is False
    assert WOMAN[:17] not in json.dumps(made)
    assert made["decisions"] == ruleset.evaluate(given, DAY).as_json()["decisions"]
    assert audit.entry(1, "", ruleset, made["input"]["household"], DAY) == made


def test_keys_in_chinese_mean_the_same(ruleset: Ruleset, tmp_path: Path) -> None:
    chinese = FACTS.replace(
        "format: gb11643, birth: 出生日期, sex: sex, unique: true",
        "格式: 公民身份号码, 填入出生日期: 出生日期, 填入性别: sex, 不得重复: true",
    )
    assert chinese != FACTS and numbered(tmp_path, chinese).digest == ruleset.digest


def test_no_rule_can_ask_whether_a_number_is_given_or_right(tmp_path: Path) -> None:
    for asked in ("身份证号无误", "非 身份证号不重复"):
        with pytest.raises(RulesetError) as raised:
            numbered(tmp_path / asked, policies=policy(asked, "member", name="old"))
        assert "N101" in {one.code for one in raised.value.diagnostics}
