"""Checks of data: what cannot be right is told beside decisions, or keeps a household from being decided."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from data_checks import CHECKS, household, member, with_checks
from small_rulesets import DAY
from text_files import write_files

from fupin_policy import InputError, Ruleset, load
from fupin_policy.core.household import Household
from fupin_policy.core.traces import Findings
from fupin_policy.evaluators.wasm import WasmEvaluator, read_manifest
from fupin_policy.reports.decisions_text import evaluation_text


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return with_checks(tmp_path_factory.mktemp("checks"))


def test_a_violated_check_is_told_and_changes_no_decision(ruleset: Ruleset) -> None:
    right = ruleset.evaluate(household(member(), member(2)), DAY)
    doubtful = ruleset.evaluate(household(member(), member(2, 在校="是")), DAY)
    assert right.violated == () and right.figure("school_age").status == "holds"
    assert [one.name for one in doubtful.violated] == ["school_age"]
    assert doubtful["p.p"] == right["p.p"] and doubtful["p.pupil"].beneficiaries == ("m2",)
    told = doubtful.figure("在校年龄相符").as_json()
    words = {"zh": "三十岁以上仍登记在校", "en": "at school at thirty or over"}
    assert told["check"] == {"severity": "warn", "status": "violated", "words": words}
    assert ruleset.interpret(household(member(), member(2, 在校="是")), DAY) == doubtful


def test_what_is_not_known_cannot_be_checked_and_rejects_nobody(ruleset: Ruleset) -> None:
    found = ruleset.evaluate(household(member(户主="不详"), member(2, 在校="不详", 出生日期={})), DAY)
    assert found.figure("one_head").status == "not_checkable" and found.figure("school_age").status == "not_checkable"
    assert [one.fact for one in found.figure("one_head").missing] == ["head"] and found.violated == ()


def test_a_check_that_rejects_is_an_error_of_the_input(ruleset: Ruleset) -> None:
    for ask in (ruleset.evaluate, ruleset.interpret, ruleset.explain):
        with pytest.raises(InputError) as raised:
            ask(household(member(户主=False), member(2)), DAY)
        (problem,) = raised.value.diagnostics
        assert (problem.code, problem.place) == ("H073", "户主只有一人")
        assert problem.sentence("zh") == "“户主只有一人”不成立：应当有且只有一名户主"
        assert problem.sentence("en") == '"one head" does not hold: there must be exactly one head'


def test_nobody_is_rejected_for_what_was_assumed(tmp_path: Path) -> None:
    """A check sees what was given: that an assumption makes it fail is told, and no ground to turn anybody away."""
    strict = CHECKS.replace("非 在校 或 周岁数(出生日期) < 30", "在校").replace("severity: warn", "severity: reject")
    ruleset = with_checks(tmp_path, strict)
    person = member()
    del person["在校"]
    found = ruleset.evaluate(household(person), DAY)
    (figure,) = found.violated
    assert figure.name == "school_age" and [one.text for one in figure.assumed] == ["m1.在校=否"]
    with pytest.raises(InputError):
        ruleset.evaluate(household(member()), DAY)


def test_text_says_whose_data_are_in_doubt(ruleset: Ruleset) -> None:
    found = ruleset.evaluate(household(member(户主="不详"), member(2, 在校="是")), DAY)
    zh, en = (evaluation_text(found, ruleset.program, lang).splitlines()[-2:] for lang in ("zh", "en"))
    assert zh == ["  ! 数据疑点 m2：三十岁以上仍登记在校", "  ! 未能核对：户主只有一人（缺少 m1.户主）"]
    assert en == ["  ! data in doubt m2: at school at thirty or over", "  ! not checkable: one head (missing m1.head)"]


def test_the_artifact_carries_the_checks(ruleset: Ruleset) -> None:
    figures = {one["figure"]: one for one in read_manifest(ruleset.compile())["figures"]}
    assert figures["one_head"]["check"]["severity"] == "reject"
    assert figures["one_head"]["check"]["basis"] == [{"source": "s", "clause": ""}]


def test_a_check_stands_beside_examples_and_in_overlays(tmp_path: Path) -> None:
    base = tmp_path / "base"
    base.mkdir()
    with_checks(base)
    over = tmp_path / "over"
    over.mkdir()
    head = "kind: ruleset\nid: over\ntitle: {zh: 某县, en: County}\nextends: ../base\n"
    removed = "kind: checks\nchecks: [{name: one_head, remove: true}]\n"
    write_files(over, {"ruleset.yaml": head, "checks.yaml": removed})
    assert [one.name for one in load(over, cache=False).program.figures] == ["school_age"]


def test_checks_in_chinese_mean_the_same(ruleset: Ruleset, tmp_path: Path) -> None:
    words = {
        "kind: checks\nchecks:": "种类: 数据核对\n数据核对:",
        "name:": "英文名:",
        "label:": "标签:",
        "for: household": "对象: 户",
        "for: member": "对象: 成员",
        "must:": "须成立:",
        "severity: reject": "处理: 退回",
        "severity: warn": "处理: 提示",
        "words:": "提示语:",
        "basis:": "依据:",
    }
    text = CHECKS
    for english, chinese in words.items():
        text = text.replace(english, chinese)
    assert with_checks(tmp_path, text).digest == ruleset.digest


def test_json_has_a_status_for_each_check_and_none_for_other_figures(ruleset: Ruleset) -> None:
    found = json.loads(json.dumps(ruleset.evaluate(household(), DAY).as_json()))["figures"]
    assert {one["figure"]: one["check"]["status"] for one in found} == {"one_head": "holds", "school_age": "holds"}


def test_the_module_is_run_once_for_a_household_of_which_nothing_is_assumed(
    ruleset: Ruleset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And twice where something is: with what was assumed, and without."""
    seen: list[int] = []
    evaluate = WasmEvaluator.evaluate

    def counted(self: WasmEvaluator, household: Household, as_of: int) -> Findings:
        seen.append(as_of)
        return evaluate(self, household, as_of)

    monkeypatch.setattr(WasmEvaluator, "evaluate", counted)
    ruleset.evaluate(household(member(), member(2)), DAY)
    assert len(seen) == 1
    person = member()
    del person["在校"]
    ruleset.evaluate(household(person), DAY)
    assert len(seen) == 3
