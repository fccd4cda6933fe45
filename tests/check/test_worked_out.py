"""Parameters that are worked out from others, and terms that differ over time."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from checked_ruleset import checked, loaded, policy, written
from hypothesis import given, settings
from hypothesis import strategies as st

from fupin_policy import Ruleset, load
from fupin_policy.core.snapshot import snapshot

HOUSEHOLD = {"id": "h", "甲": True, "收入": "0", "members": [{"id": "m"}]}
DAYS = ("2018-06-30", "2019-06-30", "2020-06-30")


def parameter(name: str, label: str, values: str, more: str = "range: 0..100000") -> str:
    return f"  - {{name: {name}, label: {label}, unit: 元, {more}, values: [{values}]}}\n"


def value(valid: str, said: object, status: str = "enacted", source: str = "s 1") -> str:
    return f"{{valid: {valid}, value: '{said}', status: {status}, source: {source}}}"


def parameters(*given: str) -> str:
    return "kind: parameters\nparameters:\n" + "".join(given)


def amount(ruleset: Ruleset, day: str) -> tuple[int, int]:
    decision = ruleset.evaluate(HOUSEHOLD, day)["p"]
    assert decision == ruleset.interpret(HOUSEHOLD, day)["p"] and decision.amount is not None
    return decision.amount.low, decision.amount.high


YEARS = ("..2018-12-31", "2019-01-01..2019-12-31", "2020-01-01..")
WAGE = parameter("wage", "最低工资", ", ".join(value(*pair) for pair in zip(YEARS, (1500, 1700, 1910), strict=True)))
THIRD = parameter("third", "三分之一", value("..", "参数.最低工资 ÷ 3 进位到 元"))


def test_it_follows_what_it_is_worked_out_from(tmp_path: Path) -> None:
    ruleset = loaded(tmp_path, parameters(WAGE, THIRD), policy("甲", "参数.三分之一"))
    assert [amount(ruleset, day) for day in DAYS] == [(50000, 50000), (56700, 56700), (63700, 63700)]
    (use,) = (one for one in snapshot(ruleset.program, 18000).definitions if one.id.part == "use")
    assert type(use.expr).__name__ == "Const"
    (explanation,) = ruleset.explain(HOUSEHOLD, DAYS[1], "p")
    assert [one.line("zh") for one in explanation.parameters] == [
        "三分之一：567.00 元（文件规定，s 1）",
        "最低工资：1700.00 元（2019-01-01 起，文件规定，s 1）",
    ]
    assert not explanation.decision.provisional


@pytest.mark.parametrize(("wage", "third"), [("example", "enacted"), ("enacted", "reported")])
def test_it_is_provisional_where_it_or_its_base_is(tmp_path: Path, wage: str, third: str) -> None:
    given = parameters(
        parameter("wage", "最低工资", value("..", 1700, wage)),
        parameter("third", "三分之一", value("..", "参数.最低工资 ÷ 3 进位到 元", third)),
    )
    decision = load(written(tmp_path, given, policy("甲", "参数.三分之一")), cache=False).evaluate(HOUSEHOLD, DAYS[0])[
        "p"
    ]
    assert decision.provisional


def test_what_is_missing_is_the_base(tmp_path: Path) -> None:
    wage = parameter("wage", "最低工资", value("2019-01-01..", 1700), "range: 300..1800")
    other = parameter("twice", "两倍", value("..", "参数.三分之一 × 2"))
    ruleset = load(
        written(tmp_path, parameters(wage, THIRD, other), policy("收入 < 参数.两倍 且 甲", "参数.两倍")), cache=False
    )
    assert amount(ruleset, DAYS[1]) == (113400, 113400)
    assert amount(ruleset, DAYS[0]) == (20000, 120000)
    decision = ruleset.evaluate({**HOUSEHOLD, "收入": "300"}, DAYS[0])["p"]
    assert [one.fact for one in decision.missing] == ["parameter.wage"]


Oracle = Callable[[Fraction, Fraction], Fraction]


def rounded(value: Fraction, mode: str, step: Fraction) -> Fraction:
    """`mode` as the language means it, of a number that is not negative."""
    steps = value / step
    whole = steps.numerator // steps.denominator
    up = {"舍去": False, "进位": steps > whole, "四舍五入": steps - whole >= Fraction(1, 2)}[mode]
    return (whole + up) * step


@st.composite
def formulas(draw: st.DrawFn, depth: int = 3) -> tuple[str, Oracle]:
    """A formula over two parameters in money, with what it means."""
    kind = draw(st.sampled_from(["x", "y", "number"] if depth == 0 else ["x", "y", "sum", "most", "part", "share"]))
    if kind in ("x", "y"):
        return f"参数.{kind}", (lambda x, y: x) if kind == "x" else (lambda x, y: y)
    if kind == "number":
        cents = draw(st.integers(0, 100_00))
        return f"{cents // 100}.{cents % 100:02}元", lambda x, y: Fraction(cents, 100)
    one, first = draw(formulas(depth - 1))
    if kind in ("part", "share"):
        mode = draw(st.sampled_from(["舍去", "进位", "四舍五入"]))
        word, step = draw(st.sampled_from([("元", Fraction(1)), ("分", Fraction(1, 100)), ("10元", Fraction(10))]))
        by = draw(st.integers(1, 30))
        if kind == "part":
            return f"(({one}) ÷ {by} {mode}到 {word})", lambda x, y: rounded(first(x, y) / by, mode, step)
        return f"(({one}) × {by}% {mode}到 {word})", lambda x, y: rounded(first(x, y) * by / 100, mode, step)
    other, second = draw(formulas(depth - 1))
    if kind == "sum":
        return f"({one} + {other})", lambda x, y: first(x, y) + second(x, y)
    return f"较大({one}, {other})", lambda x, y: max(first(x, y), second(x, y))


@settings(max_examples=8, deadline=None)
@given(formulas(), st.lists(st.integers(0, 500_00), min_size=3, max_size=3), st.integers(0, 500_00))
def test_formulas_come_to_what_they_say(
    tmp_path_factory: pytest.TempPathFactory, given: tuple[str, Oracle], xs: list[int], y: int
) -> None:
    text, oracle = given
    both = parameters(
        parameter("x", "x", ", ".join(value(days, f"{x / 100:.2f}") for days, x in zip(YEARS[:2], xs, strict=False))),
        parameter("y", "y", value("..", f"{y / 100:.2f}")),
        parameter("z", "z", value("2018-03-01..", f"({text}) 四舍五入到 分"), "range: 0..900000"),
    )
    folder = written(tmp_path_factory.mktemp("formulas"), both, policy("甲", "参数.z"))
    ruleset = load(folder, cache=False)
    for day, x in zip(DAYS, xs[:2], strict=False):
        exact = rounded(oracle(Fraction(x, 100), Fraction(y, 100)), "四舍五入", Fraction(1, 100)) * 100
        assert [Fraction(end) for end in amount(ruleset, day)] == [exact, exact]
    low, high = amount(ruleset, DAYS[2])
    for x in (0, xs[2], 100_000_00):
        exact = rounded(oracle(Fraction(x, 100), Fraction(y, 100)), "四舍五入", Fraction(1, 100)) * 100
        assert low <= exact <= high
    assert amount(ruleset, "2018-01-01") == (0, 900_000_00)


def test_a_circle_is_said(tmp_path: Path) -> None:
    one, other = (parameter(a, a, value("..", f"参数.{b} + 1元")) for a, b in (("x", "y"), ("y", "x")))
    _, found = checked(tmp_path, parameters(one, other))
    assert [(one.code, one.sentence("zh")) for one in found] == [
        ("N114", "互相引用，形成循环：参数.x → 参数.y → 参数.x")
    ]


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("参数.最低工资 × 收入", ["N170"]), ("收入 × 2", ["N170"]), ("收入", ["N170"]), ("参数.最低工资 ÷ 3", ["T206"]),
        ("参数.最低工质 × 2", ["N103"]), ("参数.最低工资 × × 2", ["S004"]), ("80圆", ["T221"]),
        ("参数.最低工资 × 2.345", ["T209"]), ("参数.最低工资 × 参数.最低工资", ["T211"]),
        ("参数.最低工资 > 3元", ["T226"]),
    ],
)  # fmt: skip
def test_what_is_no_formula(tmp_path: Path, said: str, codes: list[str]) -> None:
    _, found = checked(tmp_path, parameters(WAGE, parameter("third", "三分之一", value("..", said))))
    assert [one.code for one in found] == codes


def term(versions: str) -> str:
    return f"kind: terms\nterms:\n  - {{name: line, label: 线, for: household, versions: [{versions}]}}\n"


def test_a_term_differs_over_time(tmp_path: Path) -> None:
    said = "{valid: ..2018-12-31, value: 100元}, {valid: 2019-01-01.., value: 收入 × 50%}"
    ruleset = loaded(tmp_path, term(said), policy("甲", "'较大(线, 1元) 舍去到 分'"))
    ask = {**HOUSEHOLD, "收入": "500"}
    for day, exact in zip(DAYS, (100_00, 250_00, 250_00), strict=True):
        decision = ruleset.evaluate(ask, day)["p"]
        assert decision == ruleset.interpret(ask, day)["p"]
        assert decision.amount is not None and decision.amount.low == decision.amount.high == exact


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("{valid: 2018-02-01.., value: 100元}", "N171"),
        ("{valid: ..2018-12-31, value: 1元}, {valid: 2019-02-01.., value: 2元}", "N171"),
        ("{valid: ..2019-12-31, value: 1元}, {valid: 2019-02-01.., value: 2元}", "D101"),
        ("{valid: ..2018-12-31, value: 1元}, {valid: 2019-01-01.., value: 是}", "T214"),
    ],
)
def test_a_term_is_one_thing_on_each_day(tmp_path: Path, said: str, code: str) -> None:
    _, found = checked(tmp_path, term(said))
    assert [one.code for one in found] == [code]
