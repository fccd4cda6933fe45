"""The words of `expressions`: for units, roundings, comparisons, parts of policies, in both languages.

In: nothing. Out: tables, and one text of several. Called by `expressions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fupin_policy.core import possible
from fupin_policy.core.benefits import Starts
from fupin_policy.core.bilingual import Bilingual, pick
from fupin_policy.core.days import MonthDay
from fupin_policy.core.declarations import ParameterDecl
from fupin_policy.core.expressions import Aggregate, CalendarPart, Period, Rounding
from fupin_policy.diagnostics import Lang

UNITS = {
    "person": Bilingual("人", "persons"),
    "years_old": Bilingual("岁", "years"),
    "year": Bilingual("年", "years"),
    "month": Bilingual("个月", "months"),
    "day": Bilingual("天", "days"),
}
PERIODS = {Period.YEARS: UNITS["year"], Period.MONTHS: UNITS["month"], Period.DAYS: UNITS["day"]}
ELAPSED = {
    Period.YEARS: Bilingual("周岁数", "completed years"),
    Period.MONTHS: Bilingual("满月数", "completed months"),
    Period.DAYS: Bilingual("相隔天数", "days"),
}
COLON: dict[Lang, str] = {"zh": "：", "en": ": "}
COMMA: dict[Lang, str] = {"zh": "，", "en": ", "}
_NEW_YEAR = MonthDay(1, 1)
CALENDAR: dict[CalendarPart | MonthDay, Bilingual] = {
    CalendarPart.YEAR: Bilingual("年份({arg})", "(the year of {arg})"),
    CalendarPart.MONTH: Bilingual("月份({arg})", "(the month of {arg})"),
    CalendarPart.START_OF_MONTH: Bilingual("月初({arg})", "(the first day of the month of {arg})"),
    CalendarPart.START_OF_QUARTER: Bilingual("季初({arg})", "(the first day of the quarter of {arg})"),
    _NEW_YEAR: Bilingual("年初({arg})", "(the first day of the year of {arg})"),
}
CALENDAR_ENDS: dict[tuple[CalendarPart | MonthDay, int], Bilingual] = {
    (CalendarPart.START_OF_MONTH, 1): Bilingual("月末({arg})", "(the last day of the month of {arg})"),
    (CalendarPart.START_OF_QUARTER, 3): Bilingual("季末({arg})", "(the last day of the quarter of {arg})"),
    (_NEW_YEAR, 12): Bilingual("年末({arg})", "(the last day of the year of {arg})"),
}
"""Of a first day moved by so many months, less a day."""
LAST = Bilingual("（{arg}当日或之前最近的 {day}）", "(the last {day} on or before {arg})")
NEXT = Bilingual("（{arg}之后的下一个 {day}）", "(the next {day} after {arg})")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

ROUNDINGS = {
    Rounding.HALF_UP: Bilingual("四舍五入到", "rounded to"),
    Rounding.DOWN: Bilingual("舍去到", "rounded down to"),
    Rounding.UP: Bilingual("进位到", "rounded up to"),
}
AGGREGATES = {
    Aggregate.SUM: Bilingual("成员合计", "sum over members"),
    Aggregate.MIN: Bilingual("成员最小", "least over members"),
    Aggregate.MAX: Bilingual("成员最大", "greatest over members"),
}
KEPT = {
    Aggregate.SUM: Bilingual("各项之和", "the sum of "),
    Aggregate.MAX: Bilingual("最高一项", "the highest of "),
}
"""What is kept of the rows of a table that fit."""
LATEST = Bilingual("最晚一项", "the latest of ")
TRUTHS = {
    possible.FALSE: Bilingual("否", "no"),
    possible.UNKNOWN: Bilingual("未知", "unknown"),
    possible.TRUE: Bilingual("是", "yes"),
}
STARTS: dict[Starts, Bilingual] = {
    "same_day": Bilingual("当日起", "from the same day"),
    "next_month": Bilingual("次月起", "from the next month"),
    "same_month": Bilingual("按整月", "by whole months"),
}
WINDOW = {
    True: Bilingual("{arg}在每年的 {day}至 {last}之间", "{arg} lies from {day} to {last}"),
    False: Bilingual("{arg}不在每年的 {day}至 {last}之间", "{arg} does not lie from {day} to {last}"),
}
MONTH_BEFORE = Bilingual("（{arg}的上月末）", "(the last day of the month before {arg})")
POLICY_PARTS = {
    "when": Bilingual("「{}」的条件", 'the condition of "{}"'),
    "outcome": Bilingual("符合「{}」", 'eligible for "{}"'),
    "stated": Bilingual("「{}」规定的金额", 'what "{}" states'),
    "payable": Bilingual("「{}」的金额", 'the amount of "{}"'),
    "beneficiary": Bilingual("「{}」惠及该成员", '"{}" is for the member'),
    "lead": Bilingual("「{}」由谁负责", 'who answers for "{}"'),
    "together": Bilingual("「{}」中成员合计", 'what members get of "{}"'),
}
BRACKETED = {
    "slices": Bilingual("分段({arg}，{scale})", "slices({arg}, {scale})"),
    "pick": Bilingual("档次({arg}，{scale})", "bracket({arg}, {scale})"),
}
"""What a scale makes of a number."""
FLIPPED = {"<": ">", "<=": ">=", "=": "="}
CONTRARY = {"<": ">=", "<=": ">", "=": "≠", ">": "<=", ">=": "<"}
NUMBERS = {
    "<": Bilingual("小于", "is less than"),
    "<=": Bilingual("不大于", "is at most"),
    ">": Bilingual("大于", "is more than"),
    ">=": Bilingual("不小于", "is at least"),
    "=": Bilingual("等于", "is"),
    "≠": Bilingual("不等于", "is not"),
}
DAYS = {
    "<": Bilingual("早于", "is before"),
    "<=": Bilingual("不晚于", "is no later than"),
    ">": Bilingual("晚于", "is after"),
    ">=": Bilingual("不早于", "is no earlier than"),
    "=": Bilingual("是", "is"),
    "≠": Bilingual("不是", "is not"),
}


def blank_beside(char: str) -> str:
    """What stands between a Chinese word and a sign: a blank beside figures and Latin letters."""
    return " " if char.isascii() and (char.isalnum() or char in "-)") else ""


def alternatives(items: list[str], lang: Lang) -> str:
    """`一级、二级或三级`, `one, two or three`."""
    comma, either = ("、", "或") if lang == "zh" else (", ", " or ")
    return either.join(filter(None, (comma.join(items[:-1]), *items[-1:])))


def comma_list(items: Iterable[str], lang: Lang) -> str:
    """`一级、二级`, `one, two`."""
    return ("、" if lang == "zh" else ", ").join(items)


def short_list(items: Sequence[str], most: int, lang: Lang) -> str:
    """The same, of at most so many, with how many there are where these are more: `一级、二级 等 5 项`."""
    return with_count(comma_list(items[:most], lang), len(items), most, lang)


def with_count(text: str, count: int, most: int, lang: Lang) -> str:
    """A list of at most so many, with how many there are where these are more."""
    return text if count <= most else text + (f" 等 {count} 项" if lang == "zh" else f" … {count} in all")


NO_VALUE = Bilingual("该日无值", "no value on that date")
NO_OPTION = Bilingual("没有取定读法", "no reading is taken")
"""What is said of a parameter without a value, and of a reading of which no option is taken."""


def in_brackets(text: str, lang: Lang) -> str:
    """A remark in the language's brackets."""
    return f"（{text}）" if lang == "zh" else f" ({text})"


def without_value(parameter: ParameterDecl | None, lang: Lang) -> str:
    """What is said beside a parameter that has no value."""
    reading = parameter is not None and parameter.reading is not None
    return in_brackets(pick(NO_OPTION if reading else NO_VALUE, lang), lang)


TRIAL = Bilingual("试算，不是决定", "a trial, no decision")


def trial_lines(trial: tuple[str, ...], lang: Lang) -> list[str]:
    """That values were only tried, where any were."""
    return [f"  {pick(TRIAL, lang)}: {'; '.join(trial)}"] if trial else []
