"""What proofs say: every stretch of days, the part as it is written, labels; how long they may take, and progress."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
from small import FACTS, policy, write

from fupin_policy.analysis.verification.findings import Finding
from fupin_policy.analysis.verification.prove import prove
from fupin_policy.cli.main import main
from fupin_policy.core.days import to_date
from fupin_policy.reports.findings_text import MAX_INTERVALS, finding_json, finding_text
from fupin_policy.ruleset import check_folder

PEOPLE = (
    "- {name: grade, label: 等级, for: household, type: code, codes: grade}\n"
    "- {name: birth, label: 出生日期, for: member, type: date, range: 1950-01-01.., past: true}\n"
    "- {name: pupil, label: 在校, for: member, type: truth}\n"
)
CODES = """\
code_lists:
  - {name: grade, codes: [{code: '1', name: one, label: 一级}, {code: '2', name: two, label: 二级}]}
"""


def dated(name: str, kind: str, values: list[tuple[str, str]], unit: str = "") -> str:
    """A parameter with a value from each of some days on."""
    lines = f"- name: {name}\n  label: {name}\n  type: {kind}\n{unit}  values:\n"
    for (first, value), after in zip(values, [*(start for start, _ in values[1:]), None], strict=True):
        last = "" if after is None else to_date((date.fromisoformat(after) - date(1970, 1, 1)).days - 1).isoformat()
        lines += f"    - {{valid: {first}..{last}, value: {value}, status: example, source: paper}}\n"
    return lines


def with_code(found: tuple[Finding, ...], code: str) -> list[Finding]:
    return [one for one in found if one.code == code]


def days(found: Finding) -> list[tuple[str, str]]:
    return [(to_date(one.start).isoformat(), to_date(one.end - 1).isoformat()) for one in found.stretches]


@pytest.mark.fault("A9")
class TestEveryStretch:
    def test_a_fault_that_returns_is_named_with_all_its_days(self, tmp_path: Path) -> None:
        """The amount can be negative while the floor is 5000, and not while it is nothing."""
        starts = ("2019-01-01", "2019-04-01", "2019-07-01", "2019-10-01")
        floor = dated("floor", "number", list(zip(starts, ("5000", "0", "5000", "0"), strict=True)), "  unit: 元\n")
        rules = write(tmp_path, policy("p", "收入 >= 0元", "收入 - 参数.floor"), parameters=floor)
        (found,) = with_code(prove(check_folder(rules)), "V108")
        assert days(found) == [("2019-01-01", "2019-03-31"), ("2019-07-01", "2019-09-30")]
        assert "2019-01-01 至 2019-03-31；2019-07-01 至 2019-09-30" in finding_text(found, "zh")
        said = finding_json(found)
        assert [(one["from"], one["to"]) for one in said["stretches"]] == days(found)
        assert (said["from"], said["to"]) == ("2019-01-01", "2019-09-30")

    def test_stretches_that_touch_are_one_and_of_many_the_rest_is_counted(self, tmp_path: Path) -> None:
        starts = [f"20{year}-{month:02d}-01" for year in (19, 20) for month in range(1, 13)]
        floor = dated(
            "floor",
            "number",
            [(day, "0" if i % 3 == 2 else str(5000 + i)) for i, day in enumerate(starts)],
            "  unit: 元\n",
        )
        rules = write(tmp_path, policy("p", "收入 >= 0元", "收入 - 参数.floor"), parameters=floor)
        (found,) = with_code(prove(check_folder(rules)), "V108")
        assert len(found.stretches) == 8 and days(found)[0] == ("2019-01-01", "2019-02-28")
        assert f"另有 {8 - MAX_INTERVALS} 段" in finding_text(found, "zh")
        assert f"and {8 - MAX_INTERVALS} more stretches" in finding_text(found, "en")


@pytest.mark.fault("A10")
class TestOneBenefit:
    def test_two_monthly_sums_are_not_the_same_benefit(self, tmp_path: Path) -> None:
        """Of one office, for the same month: nobody said that they are one benefit."""
        pair = (policy("a", "收入 >= 0元", "1元"), policy("b", "收入 >= 0元", "2元"))
        assert with_code(prove(check_folder(write(tmp_path, *pair))), "V113") == []

    def test_they_are_where_the_ruleset_says_so(self, tmp_path: Path) -> None:
        group = "benefit_group: 生活补贴\n"
        pair = (policy("a", "收入 >= 0元", "1元", more=group), policy("b", "收入 >= 0元", "2元", more=group))
        (found,) = with_code(prove(check_folder(write(tmp_path, *pair))), "V113")
        assert found.diagnostic.sentence("zh") == "“a项”与“b项”都属于待遇“生活补贴”，可能重复享受"

    def test_witnesses_are_written_by_labels(self, tmp_path: Path) -> None:
        rules = write(tmp_path, policy("p", "等级 = 二级", "1元 - 收入"), facts=FACTS + PEOPLE + CODES)
        (found,) = with_code(prove(check_folder(rules)), "V108")
        zh, en = finding_text(found, "zh"), finding_text(found, "en")
        assert '"等级": "二级"' in zh and '"收入": ' in zh and "grade" not in zh
        assert '"grade": "two"' in en and '"income": ' in en

    def test_and_can_be_evaluated_so(self, tmp_path: Path) -> None:
        from fupin_policy import load

        ruleset = load(
            write(tmp_path, policy("p", "等级 = 二级", "1元 - 收入"), facts=FACTS + PEOPLE + CODES), cache=False
        )
        (found,) = with_code(prove(ruleset.program), "V108")
        shown = found.witnesses[0]
        by_label, by_name = (ruleset.evaluate(one, shown.as_of) for one in (shown.labelled, shown.household))
        assert by_label.decisions == by_name.decisions and by_label["p"].amount is not None
        assert by_label["p"].amount.low < 0


@pytest.mark.fault("E11")
@pytest.mark.parametrize(
    ("condition", "code", "part", "part_en"),
    [
        ("收入 > 500元 且 收入 ≠ 300元", "V105", "收入不等于 300.00 元", "income is not 300.00 yuan"),
        (
            "收入 > 500元 且 (工资 > 1元 或 非 (收入 > 300元))",
            "V104",
            "收入不大于 300.00 元",
            "income is at most 300.00 yuan",
        ),
        (
            "成员数 = 0 且 (工资 > 1元 且 所有成员满足(在校))",
            "V105",
            "所有成员满足（在校）",
            "all members satisfy (pupil)",
        ),
    ],
)
def test_the_part_is_said_as_it_is_written(tmp_path: Path, condition: str, code: str, part: str, part_en: str) -> None:
    rules = write(tmp_path, policy("p", condition, None), facts=FACTS + PEOPLE + CODES)
    said = [dict(one.words) for one in prove(check_folder(rules)) if one.code in ("V104", "V105") and one.code == code]
    assert (part, part_en) in [(one["part"], one["part_en"]) for one in said]


MONTHS = [f"{year}-{month:02d}-01" for year in range(2019, 2023) for month in range(1, 13)]
BORN = dated("born", "date", [(day, f"1960-{int(day[5:7]):02d}-{int(day[3:4]) + 1:02d}") for day in MONTHS])
AGED = policy("p", "有成员满足(出生日期 <= 参数.born 且 在校) 且 收入 > 1元", "5元")


def many(folder: Path, *more: str, parameters: str = BORN, covers: str = "2019-01-01..2022-12-31") -> Path:
    """A ruleset with a parameter of many values."""
    return write(folder, AGED, *more, facts=FACTS + PEOPLE + CODES, parameters=parameters, covers=covers)


@pytest.mark.fault("A12")
class TestTime:
    @pytest.mark.long
    def test_a_date_parameter_of_48_values(self, tmp_path: Path) -> None:
        started = time.process_time()
        assert [one.code for one in prove(check_folder(many(tmp_path)), seconds=600)] == []
        assert time.process_time() - started < 20

    def test_what_is_the_same_again_is_asked_once(self, tmp_path: Path) -> None:
        """Two values that take turns 48 times are two snapshots; a rule that does not rest on them has one."""
        turns = dated("born", "date", [(day, f"196{i % 2}-01-01") for i, day in enumerate(MONTHS)])
        asked: list[tuple[int, int, str]] = []
        rules = many(tmp_path, policy("other", "收入 > 1元", "5元"), parameters=turns)
        prove(check_folder(rules), progress=lambda *told: asked.append(told))
        names = [name for _, _, name in asked]
        assert names.count("other项") < names.count("p项") <= 2 * names.count("other项")
        assert asked[0][0] == 0 and asked[-1][:2] == (len(asked) - 2,) * 2

    def test_what_was_not_settled_in_time_is_said(self, tmp_path: Path) -> None:
        (found,) = prove(check_folder(many(tmp_path)), seconds=1e-9)
        assert (found.code, found.explained) == ("V118", False)
        assert found.diagnostic.sentence("zh").endswith("还有 1 项没有证明：p项")

    def test_progress_is_told_within_two_seconds(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        folder = many(tmp_path, covers="2019-01-01..2019-03-31")
        assert main(["check", "--prove", "--seconds", "60", str(folder)]) == 0
        lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("证明 / proving")]
        assert lines[0] == "证明 / proving  0/?  小"

    def test_a_time_must_be_one(self, tmp_path: Path) -> None:
        for odd in ("0", "-1", "nan", "inf", "x"):
            with pytest.raises(SystemExit):
                main(["check", "--prove", "--seconds", odd, str(tmp_path)])
