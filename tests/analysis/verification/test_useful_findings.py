"""What proofs do not complain of, as nobody wrote it; and witnesses of rules that are in one ruleset only."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_rulesets import policy, written

from fupin_policy.analysis.verification.differences import differences
from fupin_policy.analysis.verification.prove import prove
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import Lang
from fupin_policy.reports.findings_text import differences_text

FACTS = """- {name: income, label: 收入, for: household, type: number, range: 0..1000}
- {name: poor, label: 困难, for: household, type: truth}
- {name: birth, label: 出生日期, for: household, type: date, range: 1900-01-01..2030-12-31}
"""
PARAMETERS = """kind: parameters
parameters:
  - {name: pilot, label: 试点, type: truth, values: [{valid: .., value: 否, status: example, source: s}]}
  - {name: line, label: 线, range: 0..500, values: [{valid: .., value: unknown}]}
"""


def of(folder: Path, policies: str) -> Program:
    folder.mkdir(exist_ok=True)
    (folder / "parameters.yaml").write_text(PARAMETERS, encoding="utf-8")
    return written(folder, FACTS, policies).program


@pytest.mark.parametrize(
    ("when", "amount", "extra"),
    [
        # the same part as of two days
        ("收入 < 500 且 周岁数(出生日期) >= 60", "1欧元", "starts: same_month, "),
        # the other way is for other days, or for another reading
        ("收入 < 500 且 (困难 或 (参数.试点 且 收入 > 100))", "若 参数.试点 则 1欧元 否则 2欧元", ""),
        # a row that begins where the range does
        ("收入 < 500", "{by: 收入, rows: [[0..<100, 3欧元], [100.., 2欧元]]}", ""),
    ],
)
def test_nothing_is_odd_that_nobody_wrote(tmp_path: Path, when: str, amount: str, extra: str) -> None:
    text = policy(when, amount=amount).replace("benefit:", f"{extra}benefit:").replace("'{", "{").replace("}'", "}")
    assert [one.code for one in prove(of(tmp_path, text), 1)] == []


def test_a_part_that_decides_nothing_on_either_day_is_found(tmp_path: Path) -> None:
    text = policy("收入 < 500 且 收入 < 900").replace("benefit:", "starts: same_month, benefit:")
    assert [one.code for one in prove(of(tmp_path, text), 1)] == ["V105"]


def test_what_is_gone_is_shown_though_its_amount_rests_on_more_than_its_condition(tmp_path: Path) -> None:
    before = of(
        tmp_path / "a", policy("收入 < 500", amount="若 困难 则 100欧元 否则 若 收入 < 参数.线 则 1欧元 否则 2欧元")
    )
    after = of(tmp_path / "b", policy("困难", name="q"))
    gone, new = differences(before, after, 1)
    assert (gone.verdict, new.verdict) == ("removed", "added")
    witness = gone.stretches[0].before
    assert witness is not None and "困难" in witness.labelled


@pytest.mark.parametrize(("lang", "said"), [("zh", " --set 参数.线="), ("en", " --set parameter.line=")])
def test_what_is_supposed_of_a_parameter_can_be_given_to_eval(tmp_path: Path, lang: Lang, said: str) -> None:
    before = of(tmp_path / "a", policy("收入 < 参数.线"))
    after = of(tmp_path / "b", policy("收入 <= 参数.线"))
    found = differences(before, after, 1)
    text = differences_text(found, before, after, lang, 1)
    value = int(text.split(said)[1].split()[0])
    witness = found[0].stretches[0].before
    assert witness is not None and witness.household["income"] == value


def test_a_check_of_data_that_can_never_hold_is_found_and_those_of_numbers_are_not(tmp_path: Path) -> None:
    must = "kind: checks\nchecks: [{name: rich, label: 富, for: household, must: 收入 > 500 且 收入 < 300, "
    words = "severity: warn, words: {zh: 甲, en: a}}]\n"
    (tmp_path / "checks.yaml").write_text(must + words, encoding="utf-8")
    numbers = "- {name: card, label: 证件号, for: household, type: text, format: gb11643, birth: birth, unique: true}\n"
    (tmp_path / "parameters.yaml").write_text("kind: parameters\nparameters: []\n", encoding="utf-8")
    program = written(tmp_path, FACTS + numbers, policy("收入 < 500")).program
    found = prove(program, 1)
    assert [(one.code, dict(one.words)["name"]) for one in found] == [("V101", "富")]


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [
        ("zh", {"符合，第一个成员受益", "符合，第一个成员不受益"}),
        ("en", {"eligible, the first member benefits", "eligible, the first member does not benefit"}),
    ],
)
def test_whether_a_member_benefits_is_said_in_words(tmp_path: Path, lang: Lang, wanted: set[str]) -> None:
    facts = FACTS + "- {name: ill, label: 患病, for: member, type: truth}\n"
    sides = []
    for name, chosen in (("a", "患病"), ("b", "非 患病")):
        text = policy("困难").replace("benefit:", f"beneficiaries: {chosen}, benefit:")
        (tmp_path / name).mkdir()
        sides.append(written(tmp_path / name, facts, text).program)
    before, after = sides
    lines = differences_text(differences(before, after, 1), before, after, lang, 1).splitlines()
    sides_said = ("    之前: ", "    之后: ", "    before: ", "    after: ")
    told = {line.partition(": ")[2] for line in lines if line.startswith(sides_said)}
    assert told == wanted


def test_a_note_of_a_term_explains_what_is_found_in_it_and_no_other_note_does(tmp_path: Path) -> None:
    said = """kind: terms
terms:
  - name: narrow
    label: 窄
    for: household
    value: 收入 < 500 且 收入 < 900
    note: {zh: "V105: 照文字写", en: as in the text}
  - {name: narrow_too, label: 也窄, for: household, value: 收入 < 500 且 收入 < 800}
"""
    (tmp_path / "terms.yaml").write_text(said, encoding="utf-8")
    found = prove(of(tmp_path, policy("窄 或 (也窄 且 困难)")), 1)
    told = {one.about.name: one.explained for one in found if one.code == "V105" and not isinstance(one.about, str)}
    assert told == {"narrow": True, "narrow_too": False}
