"""Twenty mistakes in twenty places of the shipped ruleset: twenty diagnostics, each at its place, and no other."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from fupin_policy.diagnostics import Diagnostic, RulesetError, render
from fupin_policy.ruleset import check_folder

SHIPPED = Path(__file__).parents[2] / "policies" / "anqiu"
LESSON = Path(__file__).parents[2] / "docs" / "examples" / "lesson"
GOLDEN = Path(__file__).with_name("twenty_mistakes.txt")


class Mistake(NamedTuple):
    """One slip of the pen: `old` becomes `new` where it first stands in `file`."""

    what: str
    code: str
    file: str
    old: str
    new: str


MISTAKES = (
    Mistake("misspelt fact", "N101", "policies/care.yaml", "年龄 < 16 且 父母", "年令 < 16 且 父母"),
    Mistake(
        "unknown policy",
        "N104",
        "policies/disability.yaml",
        "且 重度残疾 且 需长期照料\n",
        "且 重度残疾 且 需长期照料 且 非 符合(disability.special_suport)\n",
    ),
    Mistake("unknown parameter", "N103", "policies/education.yaml", "参数.学前教育资助标准", "参数.学前教育标准"),
    Mistake("unknown department", "N105", "policies/housing.yaml", "lead: [市住建局]", "lead: [市住房局]"),
    Mistake("code not in its list", "N102", "policies/care.yaml", "性别 = 女", "性别 = 母"),
    Mistake("mixed units", "T203", "policies/care.yaml", "年龄 >= 18 且 配偶", "年龄 >= 18元 且 配偶"),
    Mistake(
        "division without rounding",
        "T206",
        "policies/education.yaml",
        "amount: 参数.普通高中助学金, per",
        "amount: 参数.普通高中助学金 / 2, per",
    ),
    Mistake(
        "two versions on one day",
        "D101",
        "parameters.yaml",
        "2019-01-01..2019-12-31, value: 5100",
        "2018-12-31..2019-12-31, value: 5100",
    ),
    Mistake("gap in a table", "R303", "policies/disability.yaml", "            otherwise: 0元\n", ""),
    Mistake("overlap in a table", "R304", "terms.yaml", "- [80..89,", "- [79..89,"),
    Mistake("unknown key", "Y201", "policies/insurance.yaml", "cooperating:", "co_operating:"),
    Mistake(
        "key given twice",
        "Y106",
        "parameters.yaml",
        "高龄津贴_90岁以上, unit: 元,",
        "高龄津贴_90岁以上, unit: 元, unit: 元,",
    ),
    Mistake(
        "syntax error", "S004", "policies/disability.yaml", "且 重度残疾 且 非 由特困", "且 重度残疾 且 且 非 由特困"
    ),
    Mistake(
        "circle",
        "N114",
        "policies/health.yaml",
        "或 是否参加城乡居民基本医疗保险)\n",
        "或 是否参加城乡居民基本医疗保险) 且 非 符合(health.treatment_before_payment)\n",
    ),
    Mistake(
        "member's fact in a household's rule",
        "N112",
        "policies/subsistence.yaml",
        "且 有成员满足(低保保障人员)",
        "且 低保保障人员",
    ),
    Mistake(
        "codes of two lists", "T205", "policies/education.yaml", "在校生状况 = 学前教育\n", "在校生状况 = 残疾等级\n"
    ),
    Mistake("missing key", "Y202", "policies/health.yaml", "        benefit: {kind: waiver}\n", ""),
    Mistake("bad date", "Y125", "parameters.yaml", "valid: ..2019-08-31", "valid: ..2019-08-32"),
    Mistake(
        "wrong choice",
        "Y204",
        "policies/insurance.yaml",
        "扶贫特惠保险保费, per: year",
        "扶贫特惠保险保费, per: monthly",
    ),
    Mistake(
        "too many decimals",
        "T209",
        "policies/education.yaml",
        "amount: 参数.雨露计划补助,",
        "amount: 参数.雨露计划补助 × 0.333,",
    ),
)

MORE = (
    Mistake(
        "a number as condition",
        "T201",
        "policies/health.yaml",
        "享受政策 且 是否患病就诊\n",
        "享受政策 且 目录内费用\n",
    ),
    Mistake("money without a unit", "T217", "policies/subsistence.yaml", "较大(0元,", "较大(100,"),
    Mistake("unknown clause", "N107", "policies/subsistence.yaml", "anfa-2018-31 4.2", "anfa-2018-31 4.20"),
    Mistake("a department's bad date", "Y125", "departments.yaml", "valid: 2019-02-01..", "valid: 2019-02-30.."),
    Mistake("a department without English", "Y202", "departments.yaml", ", en: Civil Affairs Bureau}", "}"),
)
"""Mistakes that are tried one at a time only: some would hide one of the twenty."""


CLERKS = (
    ("D1", Mistake("full-width colon", "Y121", "policies.yaml", "        when: ", "        when：")),
    ("D1", Mistake("no blank after the colon", "Y121", "policies.yaml", "        when: ", "        when:")),
    ("D1", Mistake("full-width colon in braces", "Y121", "parameters.yaml", "value: 80", "value：80")),
    ("D2", Mistake("number with a comma", "Y124", "parameters.yaml", "value: 80", "value: 8,000")),
    ("D2", Mistake("number with comma", "S023", "policies.yaml", "年龄 >= 60", "年龄 >= (1,060)")),
    ("D3", Mistake("open quote", "Y120", "policies.yaml", "      - name: ", '      - name: "')),
    ("D4", Mistake("a word for a list", "Y203", "policies.yaml", "lead: [县民政局]", "lead: 县民政局")),
    ("D4", Mistake("a word for a mapping", "Y203", "policies.yaml", "{kind: cash,", "甲 #{")),
    ("D5", Mistake("fortnight", "Y204", "policies.yaml", "以上, per: month", "以上, per: fortnight")),
    (
        "D5",
        Mistake("period in the amount", "S020", "policies.yaml", "amount: 参数.津贴_80岁以上,", "amount: 200元每月,"),
    ),
    ("D6", Mistake("comma for and", "S022", "policies.yaml", "享受低保 且 年龄 >= 60", "享受低保，年龄 >= 60")),
    (
        "D6",
        Mistake("signs of programmers", "S002", "policies.yaml", "享受低保 且 年龄 >= 60", "享受低保 && 年龄 >= 60"),
    ),
    (
        "D6",
        Mistake("keyword in capitals", "S021", "policies.yaml", "享受低保 且 年龄 >= 60", "享受低保 AND 年龄 >= 60"),
    ),
    ("D6", Mistake("sign glued to a name", "N101", "policies.yaml", "年龄 >= 60", "年龄不低于60")),
    ("D7", Mistake("unknown function", "S024", "policies.yaml", "年龄 >= 60", "星期(基准日) >= 6")),
    ("D7", Mistake("rounding elsewhere", "S024", "policies.yaml", "年龄 >= 60", "round(年龄, 2) >= 60")),
    ("D7", Mistake("parameters", "N101", "policies.yaml", "参数.津贴_80岁以上", "parameters.津贴_80岁以上")),
    ("D8", Mistake("no such day", "Y125", "policies.yaml", "valid: ..2018-12-31", "valid: ..2018-06-31")),
    ("D8", Mistake("tilde", "Y126", "departments.yaml", "valid: ..2019-01-31", "valid: 2018-01-01~2019-01-31")),
    ("D8", Mistake("dots in a day", "Y111", "policies.yaml", "valid: ..2018-12-31", "valid: ..2018.12.31")),
    ("D9", Mistake("full-width comma", "Y123", "policies.yaml", "[各乡镇]", "[各乡镇，县民政局]")),
)
"""What clerks write who have not written rules before, in the lesson's ruleset, with the fault that each once was."""

ALLOWED = (
    ("D6", "policies.yaml", "年龄 >= 60", "年龄 不低于 60"),
    ("D8", "policies.yaml", "2019-01-01..", "2019年1月1日.."),
    ("D8", "policies.yaml", "2019-01-01..", "2019-1-1.."),
    ("D10", "policies.yaml", "per: month", "周期: 每月"),
    ("D10", "policies.yaml", "kind: cash", "种类: 现金"),
    ("D10", "policies.yaml", "for: member", "对象: 成员"),
    ("D10", "parameters.yaml", "status: example", "状态: 示例"),
)
"""What means the same as what it stands for."""


def write(folder: Path, *mistakes: Mistake, base: Path = SHIPPED) -> Path:
    """A copy of a ruleset with mistakes in it."""
    copy = folder / base.name
    shutil.copytree(base, copy)
    for mistake in mistakes:
        path = copy / mistake.file
        text = path.read_bytes().decode("utf-8")
        assert mistake.old in text, f"{mistake.what}: {mistake.old!r} is not in {mistake.file}"
        path.write_bytes(text.replace(mistake.old, mistake.new, 1).encode("utf-8"))
    return copy


def found(folder: Path) -> tuple[Diagnostic, ...]:
    """What is wrong in a folder."""
    with pytest.raises(RulesetError) as caught:
        check_folder(folder)
    return caught.value.diagnostics


def only(folder: Path, mistake: Mistake) -> Diagnostic:
    """The one diagnostic that a mistake gives, in its file."""
    diagnostics = found(folder)
    assert [one.code for one in diagnostics] == [mistake.code], lines(folder, diagnostics)
    assert lines(folder, diagnostics)[0].startswith(f"{mistake.code} {mistake.file}:")
    return diagnostics[0]


def lines(folder: Path, diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    """`CODE file:line:col`, the file as within the folder."""
    return [f"{one.code} {one.place.removeprefix(folder.as_posix() + '/')}" for one in diagnostics]


@pytest.fixture(scope="module")
def twenty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Diagnostic, ...]]:
    """A folder with all of the twenty, and what is said of it."""
    folder = write(tmp_path_factory.mktemp("twenty"), *MISTAKES)
    return folder, found(folder)


@pytest.mark.parametrize(
    "mistake",
    [*(pytest.param(one, marks=pytest.mark.long, id=one.what) for one in MISTAKES),
     *(pytest.param(one, id=one.what) for one in MORE)],
)  # fmt: skip
def test_one_mistake_is_one_diagnostic_on_its_line(tmp_path: Path, mistake: Mistake) -> None:
    only(write(tmp_path, mistake), mistake)


@pytest.mark.parametrize(
    "mistake", [pytest.param(one, marks=pytest.mark.fault(fault), id=one.what) for fault, one in CLERKS]
)
def test_what_a_clerk_writes_is_one_diagnostic_in_its_own_line(tmp_path: Path, mistake: Mistake) -> None:
    folder = write(tmp_path, mistake, base=LESSON)
    diagnostic = only(folder, mistake)
    text = (LESSON / mistake.file).read_bytes().decode("utf-8")
    line = text[: text.index(mistake.old)].count("\n") + 1
    assert lines(folder, (diagnostic,))[0].split(":")[1] == str(line)
    assert diagnostic.advice("zh") and not re.search(r"\{\w*\}", render(diagnostic))


@pytest.mark.parametrize(
    ("file", "old", "new"), [pytest.param(*row, marks=pytest.mark.fault(fault)) for fault, *row in ALLOWED]
)
def test_what_is_as_good_is_taken(tmp_path: Path, file: str, old: str, new: str) -> None:
    program = check_folder(write(tmp_path, Mistake("", "", file, old, new), base=LESSON))
    same = check_folder(LESSON)
    assert replace(program, digest="", by_place={}) == replace(same, digest="", by_place={})


def test_twenty_mistakes_are_twenty_diagnostics_in_one_run(twenty: tuple[Path, tuple[Diagnostic, ...]]) -> None:
    assert len(MISTAKES) == 20
    folder, diagnostics = twenty
    assert sorted(one.code for one in diagnostics) == sorted(mistake.code for mistake in MISTAKES)
    assert "\n".join(lines(folder, diagnostics)) + "\n" == GOLDEN.read_text(encoding="utf-8")


def test_each_of_the_twenty_is_shown_with_its_line_and_advice(twenty: tuple[Path, tuple[Diagnostic, ...]]) -> None:
    for diagnostic in twenty[1]:
        shown = render(diagnostic)
        assert not re.search(r"\{\w*\}", diagnostic.advice("zh") + diagnostic.advice("en"))
        assert diagnostic.span is not None and diagnostic.span.text.strip()
        assert diagnostic.span.text.split("\n")[0] in shown
        assert "^" in shown
