"""A summary as text for a terminal, in one language.

In: a `Summary`. Out: text. Called by the command line.
"""

from __future__ import annotations

from collections.abc import Iterator

from fupin_policy.core.benefits import PER
from fupin_policy.core.bilingual import Bilingual, pick
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import Lang
from fupin_policy.prose.ratios import ends_text, figure
from fupin_policy.prose.wording import COMMA, comma_list, in_brackets, trial_lines
from fupin_policy.reports.page_tables import force_words
from fupin_policy.reports.summary import PeriodTotals, Summary, SummaryGroup

_TITLES = (
    ("policies", Bilingual("按政策", "by policy")),
    ("departments", Bilingual("按牵头部门", "by leading department")),
    ("places", Bilingual("按乡镇", "by town")),
    ("months", Bilingual("按月份", "by month")),
    ("forces", Bilingual("按效力", "by force")),
)


def money_text(program: Program, money: PeriodTotals, lang: Lang = "zh") -> str:
    """`1,234.50 每年`, or a range where amounts are open; what is given and paid where people pay; and the force."""
    force = force_words(money, lang)
    per = pick(PER[money.per], lang) + (in_brackets(force, lang) if force else "")
    paid, given = (ends_text(ends, program.decimals) for ends in ((money.paid_low, money.paid_high), money.given))
    if (money.paid_low, money.paid_high) == (0, 0):
        return f"{given} {per}"
    said = ("自付", "给付", "净额") if lang == "zh" else ("paid", "given", "net")
    if money.given == (0, 0):
        return f"{said[0]} {paid} {per}"
    parts = COMMA[lang].join([f"{said[1]} {given}", f"{said[0]} {paid}"])
    return f"{said[2]} {ends_text((money.low, money.high), program.decimals)} {per}{in_brackets(parts, lang)}"


def as_text(summary: Summary, program: Program, lang: Lang = "zh") -> str:
    """The summary as lines of text."""
    lines = [_heading(summary, program, lang), _text_line(summary.total, program, lang)]
    for title, groups in _tables(summary):
        lines += ["", pick(title, lang)]
        lines += [_text_line(line, program, lang) for line in groups]
    if told := [*_assumed(summary, lang), *_violated(summary, lang)]:
        lines += ["", *told]
    return "\n".join(lines)


def _tables(summary: Summary) -> Iterator[tuple[Bilingual, tuple[SummaryGroup, ...]]]:
    """Each table with its title; the one by force only where there are several."""
    for name, title in _TITLES:
        groups = getattr(summary, name)
        if groups or name != "forces":
            yield title, groups


def _violated(summary: Summary, lang: Lang) -> list[str]:
    if lang == "zh":
        return [f"数据疑点 {name}：{count} 户（只计结果中有决定的户）" for name, count in summary.violated]
    told = "households, of those with a decision, for which this check of data does not hold"
    return [f"{name}: {count} {told}" for name, count in summary.violated]


def _assumed(summary: Summary, lang: Lang) -> list[str]:
    if lang == "zh":
        return [f"没有给出而当作 {name}：{count} 项决定" for name, count in summary.assumed]
    return [f"{name}: {count} decisions that rest on this assumption" for name, count in summary.assumed]


def _heading(summary: Summary, program: Program, lang: Lang) -> str:
    days = comma_list(summary.days, lang) + in_brackets(program.currency, lang)
    return "".join([f"{pick(program.title, lang)}  {days}", *trial_lines(program.trial, lang)])


def _text_line(line: SummaryGroup, program: Program, lang: Lang) -> str:
    persons, name = _persons(line), pick(line.words, lang)
    if lang == "zh":
        counts, unsure = f"{line.households} 户，{persons} 人，待核实 {line.open}", "其中暂定"
    else:
        counts, unsure = f"{line.households} households, {persons} persons, {line.open} open", "of which provisional"
    sums = [
        f"      {money_text(program, money, lang)}"
        + in_brackets(f"{unsure} {figure(program.decimals, money.provisional)}", lang)
        for money in line.money
    ]
    return "\n".join([f"  {name}: {counts}", *sums])


def _persons(line: SummaryGroup) -> str:
    """`1234`, or `1234–1240` where it is open of some whether they benefit."""
    return "–".join(dict.fromkeys(str(count) for count in (line.persons, line.persons_max)))
