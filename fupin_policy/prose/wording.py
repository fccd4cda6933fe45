"""The words of `expressions`: for units, roundings, comparisons, parts of policies, in both languages. Data only.

In: nothing. Out: tables. Called by `expressions`.
"""

from __future__ import annotations

from fupin_policy.core import possible
from fupin_policy.core.expressions import Aggregate, Period, Rounding
from fupin_policy.core.program import Words

UNITS = {
    "person": Words("人", "persons"),
    "years_old": Words("岁", "years"),
    "year": Words("年", "years"),
    "month": Words("个月", "months"),
    "day": Words("天", "days"),
}
PERIODS = {Period.YEARS: UNITS["year"], Period.MONTHS: UNITS["month"], Period.DAYS: UNITS["day"]}
ELAPSED = {
    Period.YEARS: Words("周岁数", "completed years"),
    Period.MONTHS: Words("满月数", "completed months"),
    Period.DAYS: Words("相隔天数", "days"),
}
ROUNDINGS = {
    Rounding.HALF_UP: Words("四舍五入到", "rounded to"),
    Rounding.DOWN: Words("舍去到", "rounded down to"),
    Rounding.UP: Words("进位到", "rounded up to"),
}
AGGREGATES = {
    Aggregate.SUM: Words("成员合计", "sum over members"),
    Aggregate.MIN: Words("成员最小", "least over members"),
    Aggregate.MAX: Words("成员最大", "greatest over members"),
}
TRUTHS = {
    possible.FALSE: Words("否", "no"),
    possible.UNKNOWN: Words("未知", "unknown"),
    possible.TRUE: Words("是", "yes"),
}
POLICY_PARTS = {
    "when": Words("「{}」的条件", 'the condition of "{}"'),
    "outcome": Words("符合「{}」", 'eligible for "{}"'),
    "stated": Words("「{}」规定的金额", 'what "{}" states'),
    "payable": Words("「{}」的金额", 'the amount of "{}"'),
}
FLIPPED = {"<": ">", "<=": ">=", "=": "="}
CONTRARY = {"<": ">=", "<=": ">", "=": "≠", ">": "<=", ">=": "<"}
NUMBERS = {
    "<": Words("小于", "is less than"),
    "<=": Words("不大于", "is at most"),
    ">": Words("大于", "is more than"),
    ">=": Words("不小于", "is at least"),
    "=": Words("等于", "is"),
    "≠": Words("不等于", "is not"),
}
DAYS = {
    "<": Words("早于", "is before"),
    "<=": Words("不晚于", "is no later than"),
    ">": Words("晚于", "is after"),
    ">=": Words("不早于", "is no earlier than"),
    "=": Words("是", "is"),
    "≠": Words("不是", "is not"),
}
