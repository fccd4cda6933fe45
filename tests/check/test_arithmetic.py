"""Every operator against exact fractions: value, unit and proven range, over all that small facts can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product

import pytest
from worlds import World, ends, exact, world

from fupin_policy.core.expressions import Const
from fupin_policy.core.types import Number

FACTS = """- {name: a, label: 甲, for: household, type: number, unit: 元, decimals: 1, range: -0.3..0.4}
- {name: b, label: 乙, for: household, type: number, unit: 元, decimals: 2, range: 0.05..0.08}
- {name: c, label: 丙, for: household, type: number, range: -2..3}
- {name: d, label: 丁, for: household, type: number, decimals: 2, range: 1.05..1.08}
- {name: e, label: 戊, for: household, type: number, range: -3..-1}
- {name: f, label: 己, for: household, type: number, unit: "%", range: 10..13}
- {name: g, label: 庚, for: household, type: number, unit: 亩, range: 0.1..0.4}
- {name: h, label: 辛, for: household, type: number, unit: 元/亩, decimals: 1, range: -0.1..0.2}
- {name: i, label: 壬, for: household, type: number, unit: 月, range: 0..3}
- {name: j, label: 癸, for: household, type: number, unit: 万元, decimals: 5, range: 0.00001..0.00003}
- {name: k, label: 属实, for: household, type: truth}
- {name: l, label: 岁数, for: household, type: number, unit: 岁, range: 59..61}
- {name: m, label: 年数, for: household, type: number, unit: 年, range: 58..60}
- {name: n, label: 单价, for: household, type: number, unit: 元/亩, decimals: 1, range: 0.1..0.3}
"""
POINTS: dict[str, list[Fraction | bool]] = {
    "甲": [Fraction(n, 10) for n in range(-3, 5)],
    "乙": [Fraction(n, 100) for n in range(5, 9)],
    "丙": [Fraction(n) for n in range(-2, 4)],
    "丁": [Fraction(n, 100) for n in range(105, 109)],
    "戊": [Fraction(n) for n in range(-3, 0)],
    "己": [Fraction(n, 100) for n in range(10, 14)],
    "庚": [Fraction(n, 10) for n in range(1, 5)],
    "辛": [Fraction(n, 10) for n in range(-1, 3)],
    "壬": [Fraction(n) for n in range(4)],
    "癸": [Fraction(n, 10) for n in range(1, 4)],
    "属实": [False, True],
    "单价": [Fraction(n, 10) for n in (1, 2, 3)],
    "岁数": [Fraction(n) for n in (59, 60, 61)],
    "年数": [Fraction(n) for n in (58, 59, 60)],
}
WORLD: World = world(FACTS)
YUAN, MU = (("yuan", 1),), (("mu", 1),)

Oracle = Callable[..., Fraction]


def half_up(value: Fraction, step: Fraction = Fraction(1)) -> Fraction:
    """To the nearest step; a half goes away from zero."""
    steps = abs(value) / step
    whole = steps.numerator // steps.denominator
    return (whole + (steps - whole >= Fraction(1, 2))) * step * (-1 if value < 0 else 1)


def down(value: Fraction, step: Fraction = Fraction(1)) -> Fraction:
    """To the step toward zero."""
    steps = abs(value) / step
    return (steps.numerator // steps.denominator) * step * (-1 if value < 0 else 1)


def up(value: Fraction, step: Fraction = Fraction(1)) -> Fraction:
    """To the step away from zero."""
    steps = abs(value) / step
    return -(-steps.numerator // steps.denominator) * step * (-1 if value < 0 else 1)


FEN, JIAO = Fraction(1, 100), Fraction(1, 10)
# the text, what it comes to, its unit, how many decimals
ONCE: list[tuple[str, Oracle, object, int]] = [
    ("甲 + 乙", lambda 甲, 乙: 甲 + 乙, YUAN, 2),
    ("甲 - 乙", lambda 甲, 乙: 甲 - 乙, YUAN, 2),
    ("乙 - 甲 - 0.005元", lambda 甲, 乙: 乙 - 甲 - Fraction(5, 1000), YUAN, 3),
    ("甲 - 乙 + 癸 - 3分", lambda 甲, 乙, 癸: 甲 - 乙 + 癸 - Fraction(3, 100), YUAN, 2),
    ("癸 + 0.0001万元", lambda 癸: 癸 + 1, YUAN, 1),
    ("-甲", lambda 甲: -甲, YUAN, 1),
    ("-(-甲)", lambda 甲: 甲, YUAN, 1),
    ("-丙 + 1.5", lambda 丙: Fraction(3, 2) - 丙, (), 1),
    ("0 - 甲", lambda 甲: -甲, YUAN, 1),
    ("甲 + 0", lambda 甲: 甲, YUAN, 1),
    ("壬 + 1", lambda 壬: 壬 + 1, (("month", 1),), 0),
    ("甲 × 丙", lambda 甲, 丙: 甲 * 丙, YUAN, 1),
    ("丙 × 丁", lambda 丙, 丁: 丙 * 丁, (), 2),
    ("丙 × 戊", lambda 丙, 戊: 丙 * 戊, (), 0),
    ("戊 × 甲", lambda 戊, 甲: 戊 * 甲, YUAN, 1),
    ("甲 × 己", lambda 甲, 己: 甲 * 己, YUAN, 3),
    ("甲 × 12.5%", lambda 甲: 甲 * Fraction(1, 8), YUAN, 4),
    ("2 × 甲 × 5‰", lambda 甲: 甲 / 100, YUAN, 4),
    ("庚 × 辛", lambda 庚, 辛: 庚 * 辛, YUAN, 2),
    ("辛 × 庚 × 丙", lambda 庚, 辛, 丙: 庚 * 辛 * 丙, YUAN, 2),
    ("甲 × 壬", lambda 甲, 壬: 甲 * 壬, YUAN, 1),
    ("壬 × 甲", lambda 甲, 壬: 甲 * 壬, YUAN, 1),
    ("甲 × 丙 + 乙 × 戊", lambda 甲, 丙, 乙, 戊: 甲 * 丙 + 乙 * 戊, YUAN, 2),
    ("(甲 + 乙) × 丙", lambda 甲, 乙, 丙: (甲 + 乙) * 丙, YUAN, 2),
    ("较小(甲, 乙)", lambda 甲, 乙: min(甲, 乙), YUAN, 2),
    ("较大(甲, 乙)", lambda 甲, 乙: max(甲, 乙), YUAN, 2),
    ("较大(0, 甲)", lambda 甲: max(Fraction(0), 甲), YUAN, 1),
    ("较小(甲, 乙, 0.06元)", lambda 甲, 乙: min(甲, 乙, Fraction(6, 100)), YUAN, 2),
    ("较大(丙, 戊, 1)", lambda 丙, 戊: max(丙, 戊, Fraction(1)), (), 0),
    ("较小(丙, 丁)", lambda 丙, 丁: min(丙, 丁), (), 2),
    ("较大(岁数, 年数)", lambda 岁数, 年数: max(岁数, 年数), (("years_old", 1),), 0),
    ("若 属实 则 甲 否则 乙", lambda 属实, 甲, 乙: 甲 if 属实 else 乙, YUAN, 2),
    ("若 属实 则 0 否则 乙", lambda 属实, 乙: Fraction(0) if 属实 else 乙, YUAN, 2),
    ("若 属实 则 丙 否则 1.25", lambda 属实, 丙: 丙 if 属实 else Fraction(5, 4), (), 2),
    ("乙 四舍五入到 角", lambda 乙: half_up(乙, JIAO), YUAN, 1),
    ("乙 舍去到 角", lambda 乙: down(乙, JIAO), YUAN, 1),
    ("乙 进位到 角", lambda 乙: up(乙, JIAO), YUAN, 1),
    ("甲 进位到 元", lambda 甲: up(甲), YUAN, 0),
    ("甲 舍去到 元", lambda 甲: down(甲), YUAN, 0),
    ("甲 四舍五入到 0.2元", lambda 甲: half_up(甲, Fraction(1, 5)), YUAN, 1),
    ("甲 四舍五入到 分", lambda 甲: 甲, YUAN, 2),
    ("甲 进位到 10元", lambda 甲: up(甲, Fraction(10)), YUAN, 0),
    ("甲 进位到 万元", lambda 甲: up(甲, Fraction(10_000)), YUAN, 0),
    ("丁 四舍五入到 0.1", lambda 丁: half_up(丁, JIAO), (), 1),
    ("壬 四舍五入到 2", lambda 壬: half_up(壬, Fraction(2)), (("month", 1),), 0),
    ("甲 × 己 四舍五入到 分", lambda 甲, 己: half_up(甲 * 己, FEN), YUAN, 2),
    ("甲 ÷ 戊 四舍五入到 分", lambda 甲, 戊: half_up(甲 / 戊, FEN), YUAN, 2),
    ("甲 ÷ 戊 舍去到 分", lambda 甲, 戊: down(甲 / 戊, FEN), YUAN, 2),
    ("甲 ÷ 戊 进位到 分", lambda 甲, 戊: up(甲 / 戊, FEN), YUAN, 2),
    ("甲 ÷ 3 四舍五入到 分", lambda 甲: half_up(甲 / 3, FEN), YUAN, 2),
    ("甲 ÷ -3 四舍五入到 角", lambda 甲: half_up(甲 / -3, JIAO), YUAN, 1),
    ("甲 ÷ 1.5 进位到 角", lambda 甲: up(甲 / Fraction(3, 2), JIAO), YUAN, 1),
    ("甲 ÷ 单价 四舍五入到 0.1亩", lambda 甲, 单价: half_up(甲 / 单价, JIAO), MU, 1),
    ("乙 ÷ 0.05元 四舍五入到 0.01", lambda 乙: half_up(乙 / Fraction(5, 100), FEN), (), 2),
    ("甲 × 丙 ÷ 戊 ÷ 7 舍去到 分", lambda 甲, 丙, 戊: down(甲 * 丙 / (戊 * 7), FEN), YUAN, 2),
    ("丙 ÷ 丁 进位到 0.001", lambda 丙, 丁: up(丙 / 丁, Fraction(1, 1000)), (), 3),
    ("甲 ÷ 1元 四舍五入到 0.1", lambda 甲: 甲, (), 1),
    ("(甲 ÷ 3 四舍五入到 分) × 3", lambda 甲: half_up(甲 / 3, FEN) * 3, YUAN, 2),
]  # fmt: skip
TWICE: list[tuple[str, Oracle]] = [
    ("甲 - 甲", lambda 甲: 甲 - 甲),
    ("甲 × 丙 - 甲 × 丙", lambda 甲, 丙: Fraction(0)),
    ("较大(甲, 0) - 较大(-甲, 0)", lambda 甲: 甲),
    ("若 甲 > 0 则 甲 否则 -甲", lambda 甲: abs(甲)),
    ("甲 ÷ 3 × 3 四舍五入到 分", lambda 甲: 甲),
    ("若 甲 >= 0.1元 则 (若 甲 >= 0.3元 则 3 否则 2) 否则 若 甲 < 0 则 0 否则 1",
     lambda 甲: Fraction(3 if 甲 >= Fraction(3, 10) else 2 if 甲 >= Fraction(1, 10) else 0 if 甲 < 0 else 1)),
]  # fmt: skip


def named(oracle: Callable[..., object]) -> tuple[str, ...]:
    """The facts that an oracle asks for, by its parameters."""
    return oracle.__code__.co_varnames[: oracle.__code__.co_argcount]


def over_all(oracle: Callable[..., object]) -> Iterator[dict[str, Fraction | bool]]:
    """Every value that the oracle's facts can have."""
    names = named(oracle)
    for values in product(*(POINTS[name] for name in names)):
        yield dict(zip(names, values, strict=True))


@pytest.mark.parametrize(("text", "oracle", "unit", "scale"), ONCE, ids=[text for text, *_ in ONCE])
def test_an_operator_is_what_fractions_say(text: str, oracle: Oracle, unit: object, scale: int) -> None:
    expr = WORLD.typed(text)
    found: set[Fraction] = set()
    for given in over_all(oracle):
        value = exact(expr, WORLD.evaluated(expr, given))
        assert value == oracle(**given), (text, given)
        found.add(value)
    assert isinstance(expr.type, Number)
    assert (expr.type.unit, expr.type.scale) == (unit, scale)
    # each fact stands there once, so the range that is proven is the very one that there is
    assert ends(expr) == (min(found), max(found))


@pytest.mark.parametrize(("text", "oracle"), TWICE, ids=[text for text, _ in TWICE])
def test_a_fact_that_stands_there_twice_is_one_value(text: str, oracle: Oracle) -> None:
    expr = WORLD.typed(text)
    low, high = ends(expr)
    for given in over_all(oracle):
        value = exact(expr, WORLD.evaluated(expr, given))
        assert value == oracle(**given) and low <= value <= high


CONSTANTS: list[tuple[str, Fraction, object, int]] = [
    ("3元 × 2", Fraction(6), YUAN, 0),
    ("-3元", Fraction(-3), YUAN, 0),
    ("10元 ÷ 3 四舍五入到 分", Fraction(333, 100), YUAN, 2),
    ("10元 ÷ 3 进位到 分", Fraction(334, 100), YUAN, 2),
    ("-10元 ÷ 3 进位到 分", Fraction(-334, 100), YUAN, 2),
    ("10元 ÷ -3 舍去到 分", Fraction(-333, 100), YUAN, 2),
    ("0.5元 四舍五入到 元", Fraction(1), YUAN, 0),
    ("-0.5元 四舍五入到 元", Fraction(-1), YUAN, 0),
    ("0.49元 四舍五入到 元", Fraction(0), YUAN, 0),
    ("1.5元 四舍五入到 元", Fraction(2), YUAN, 0),
    ("2.5元 四舍五入到 元", Fraction(3), YUAN, 0),
    ("15元 四舍五入到 10元", Fraction(20), YUAN, 0),
    ("14.99元 四舍五入到 10元", Fraction(10), YUAN, 0),
    ("12345元 舍去到 万元", Fraction(10_000), YUAN, 0),
    ("1.2万元 + 0.5元", Fraction("12000.5"), YUAN, 1),
    ("30分 + 7角", Fraction(1), YUAN, 2),
    ("100元 ÷ 4元 四舍五入到 1", Fraction(25), (), 0),
    ("3个月 + 2月", Fraction(5), (("month", 1),), 0),
]


@pytest.mark.parametrize(("text", "worth", "unit", "scale"), CONSTANTS, ids=[text for text, *_ in CONSTANTS])
def test_sums_of_constants(text: str, worth: Fraction, unit: object, scale: int) -> None:
    expr = WORLD.typed(text)
    assert exact(expr, WORLD.evaluated(expr, {})) == worth
    assert isinstance(expr.type, Number) and (expr.type.unit, expr.type.scale) == (unit, scale)
    assert ends(expr) == (worth, worth)


TRUTHS: list[tuple[str, Callable[..., bool]]] = [
    ("甲 > 乙", lambda 甲, 乙: 甲 > 乙),
    ("甲 >= 乙", lambda 甲, 乙: 甲 >= 乙),
    ("甲 < 乙", lambda 甲, 乙: 甲 < 乙),
    ("甲 <= 乙", lambda 甲, 乙: 甲 <= 乙),
    ("甲 = 癸", lambda 甲, 癸: 甲 == 癸),
    ("甲 != 癸", lambda 甲, 癸: 甲 != 癸),
    ("甲 ≠ 1角", lambda 甲: 甲 != JIAO),
    ("甲 = 0.1元", lambda 甲: 甲 == JIAO),
    ("甲 >= 10分", lambda 甲: 甲 >= JIAO),
    ("甲 < 0.00001万元", lambda 甲: 甲 < JIAO),
    ("甲 > 0", lambda 甲: 甲 > 0),
    ("0 < 甲", lambda 甲: 甲 > 0),
    ("丙 >= 1.5", lambda 丙: 丙 >= Fraction(3, 2)),
    ("甲 在 0元..0.2元", lambda 甲: 0 <= 甲 <= Fraction(2, 10)),
    ("甲 在 0元..<0.2元", lambda 甲: 0 <= 甲 < Fraction(2, 10)),
    ("甲 在 -0.1元..", lambda 甲: 甲 >= -JIAO),
    ("甲 在 ..0.1元", lambda 甲: 甲 <= JIAO),
    ("甲 在 ..<0.1元", lambda 甲: 甲 < JIAO),
    ("甲 不在 0元..0.2元", lambda 甲: not 0 <= 甲 <= Fraction(2, 10)),
    ("丙 属于 {1, 3, -2}", lambda 丙: 丙 in (1, 3, -2)),
    ("丙 不属于 {1, 3}", lambda 丙: 丙 not in (1, 3)),
    ("丙 属于 {2}", lambda 丙: 丙 == 2),
    ("属实 = 是", lambda 属实: 属实),
    ("属实 = 否", lambda 属实: not 属实),
    ("是 = 属实", lambda 属实: 属实),
    ("属实 != 是", lambda 属实: not 属实),
    ("属实 = (甲 > 0)", lambda 属实, 甲: 属实 == (甲 > 0)),
    ("属实 ≠ (甲 > 0)", lambda 属实, 甲: 属实 != (甲 > 0)),
    ("非 属实", lambda 属实: not 属实),
    ("属实 且 甲 > 0 且 丙 > 0", lambda 属实, 甲, 丙: 属实 and 甲 > 0 and 丙 > 0),
    ("属实 或 甲 > 0 或 丙 > 0", lambda 属实, 甲, 丙: 属实 or 甲 > 0 or 丙 > 0),
    ("非 (属实 且 非 (甲 > 0))", lambda 属实, 甲: not (属实 and not 甲 > 0)),
    ("岁数 > 年数", lambda 岁数, 年数: 岁数 > 年数),
    ("岁数 >= 60", lambda 岁数: 岁数 >= 60),
    ("若 属实 则 甲 > 0 否则 丙 > 0", lambda 属实, 甲, 丙: 甲 > 0 if 属实 else 丙 > 0),
]


@pytest.mark.parametrize(("text", "oracle"), TRUTHS, ids=[text for text, _ in TRUTHS])
def test_a_condition_is_what_it_says(text: str, oracle: Callable[..., bool]) -> None:
    expr = WORLD.typed(text)
    seen = set()
    for given in over_all(oracle):
        value = WORLD.evaluated(expr, given)
        assert value == (3 if oracle(**given) else 0), (text, given)
        seen.add(value)
    assert seen == {0, 3}


def test_a_choice_within_a_choice_is_one_choice() -> None:
    from fupin_policy.core.expressions import Cases

    expr = WORLD.typed("若 甲 > 0 则 1 否则 若 甲 < 0 则 -1 否则 0")
    assert isinstance(expr, Cases) and len(expr.branches) == 2 and isinstance(expr.otherwise, Const)


MEMBERS = world(
    "- {name: w, label: 工资, for: member, type: number, unit: 元, decimals: 1, range: -0.1..0.2}\n"
    "- {name: s, label: 在校, for: member, type: truth}\n"
    "- {name: d, label: 底数, for: household, type: number, unit: 元, decimals: 2, range: 0.05..0.06}\n",
    members="0..2",
)
WAGES, PUPIL = [Fraction(n, 10) for n in range(-1, 3)], (False, True)
People = list[tuple[Fraction, bool]]
OF_MEMBERS: list[tuple[str, Callable[[People, Fraction], Fraction | bool]]] = [
    ("成员数", lambda people, d: Fraction(len(people))),
    ("成员数(在校)", lambda people, d: Fraction(sum(s for _, s in people))),
    ("成员合计(工资)", lambda people, d: sum((w for w, _ in people), Fraction())),
    ("成员合计(工资, 在校)", lambda people, d: sum((w for w, s in people if s), Fraction())),
    ("成员合计(工资 - 0.15元)", lambda people, d: sum((w - Fraction(15, 100) for w, _ in people), Fraction())),
    ("成员合计(工资 + 0.1元)", lambda people, d: sum((w + JIAO for w, _ in people), Fraction())),
    ("成员最大(工资 否则 底数)", lambda people, d: max((w for w, _ in people), default=d)),
    ("成员最小(工资 否则 底数)", lambda people, d: min((w for w, _ in people), default=d)),
    ("成员最大(工资, 在校 否则 底数)", lambda people, d: max((w for w, s in people if s), default=d)),
    ("成员最小(工资, 非 在校 否则 0)", lambda people, d: min((w for w, s in people if not s), default=Fraction())),
    ("有成员满足(工资 > 0)", lambda people, d: any(w > 0 for w, _ in people)),
    ("所有成员满足(工资 > 0)", lambda people, d: all(w > 0 for w, _ in people)),
    ("没有成员满足(工资 > 0)", lambda people, d: not any(w > 0 for w, _ in people)),
]


@pytest.mark.parametrize(("text", "oracle"), OF_MEMBERS, ids=[text for text, _ in OF_MEMBERS])
def test_what_is_asked_of_members(text: str, oracle: Callable[[People, Fraction], Fraction | bool]) -> None:
    expr = MEMBERS.typed(text)
    found = set()
    for size in range(3):
        for people in product(product(WAGES, PUPIL), repeat=size):
            for base in (Fraction(5, 100), Fraction(6, 100)):
                given = {"底数": base, "members": [{"工资": w, "在校": s} for w, s in people]}
                value = MEMBERS.evaluated(expr, given)
                wanted = oracle(list(people), base)
                if isinstance(wanted, bool):
                    assert value == (3 if wanted else 0), (text, given)
                else:
                    assert exact(expr, value) == wanted, (text, given)
                    found.add(wanted)
    if found:
        assert ends(expr) == (min(found), max(found))
