"""`core.possible` in WAT: the same operations, on operands.

In: operands with their types. Out: operands. Called by `function`.
Ranges proven by the checker decide which ends of a product or quotient are its least and most.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, assert_never

from fupin_policy.core import possible
from fupin_policy.core.days import MonthDay
from fupin_policy.core.expressions import CalendarPart, Period, Rounding
from fupin_policy.core.possible import FALSE, TRUE, UNKNOWN, Value
from fupin_policy.core.types import Code, Day, Number, Truth, Type
from fupin_policy.evaluators.wasm.body import FunctionBody, Machine, Val, i32, i64, machine, op

YES, NO = i32(TRUE), i32(FALSE)
_NEGATED = {i32(bits): bits for bits in (FALSE, UNKNOWN, TRUE)}


def constant(type_: Type, value: Value) -> Val:
    """A value known when compiling."""
    exact = possible.is_singleton(type_, value)
    if isinstance(value, tuple):
        return Val(i64(value[0]), i64(value[1]), exact)
    text = f"({machine(type_)}.const {value})"
    return Val(text, text, exact)


def interval(low: str, high: str) -> Val:
    """A number or day between two operands."""
    return Val(low, high, low == high)


def openness(type_: Type, a: Val) -> str:
    """A truth's two bits; of other values 3 where there is but one, else 2."""
    if isinstance(type_, Truth):
        return a.low
    if a.exact or (a.low == a.high and not isinstance(type_, Code)):
        return YES
    if isinstance(type_, Code):
        w = machine(type_)
        single = op(f"{w}.eqz", op(f"{w}.and", a.low, op(f"{w}.sub", a.low, f"({w}.const 1)")))
    else:
        single = op("i64.eq", a.low, a.high)
    return op("select", YES, i32(UNKNOWN), single)


def range_of(type_: Type) -> tuple[int, int]:
    """The proven range of a number or day."""
    match type_:
        case Number(_, _, low, high) | Day(low, high):
            return low, high
        case _:
            raise AssertionError(type_)


def truth(body: FunctionBody, possibly: str, surely: str, exact: bool) -> Val:
    """The two bits of a truth from two conditions; one where nothing beneath is open."""
    text = op("i32.mul", surely, i32(3)) if exact else op("i32.or", op("i32.shl", possibly, i32(1)), surely)
    bits = body.let("i32", text)
    return Val(bits, bits, exact)


def negate(body: FunctionBody, a: Val) -> Val:
    """The contrary."""
    if a.low in _NEGATED:
        return constant(Truth(), possible.negate(_NEGATED[a.low]))
    if a.exact:
        bits = body.let("i32", op("i32.xor", a.low, i32(3)))
    else:  # the contraries of 0, 2 and 3 stand at bits 0, 4 and 6 of 35
        bits = body.let("i32", op("i32.and", op("i32.shr_u", i32(35), op("i32.shl", a.low, i32(1))), i32(3)))
    return Val(bits, bits, a.exact)


def fold(body: FunctionBody, args: Sequence[Val], name: Literal["and", "or"]) -> Val:
    """All of the truths, or one of them."""
    neutral, decisive = (YES, NO) if name == "and" else (NO, YES)
    if any(arg.low == decisive for arg in args):
        return Val(decisive, decisive, True)
    kept = list(dict.fromkeys(arg.low for arg in args if arg.low != neutral)) or [neutral]
    bits = kept[0]
    for other in kept[1:]:
        bits = body.let("i32", op(f"i32.{name}", bits, other))
    return Val(bits, bits, all(arg.exact for arg in args))


def compare(body: FunctionBody, sign: str, a: Val, b: Val) -> Val:
    """`<`, `<=` or `=` of numbers or days."""
    exact = a.exact and b.exact
    match sign:
        case "<" | "<=":
            name = "i64.lt_s" if sign == "<" else "i64.le_s"
            return truth(body, op(name, a.low, b.high), op(name, a.high, b.low), exact)
        case _:
            overlap = op("i32.and", op("i64.le_s", a.low, b.high), op("i64.le_s", b.low, a.high))
            same = op("i64.eq", a.low, b.high)
            surely = same if exact else op("i32.and", same, op("i64.eq", a.high, b.low))
            return truth(body, overlap, surely, exact)


def same_code(body: FunctionBody, type_: Type, a: Val, b: Val) -> Val:
    """Whether two codes are the same."""
    w, exact = machine(type_), a.exact and b.exact
    possibly = op(f"{w}.ne", op(f"{w}.and", a.low, b.low), f"({w}.const 0)")
    same = op(f"{w}.eq", a.low, b.low)
    single = op(f"{w}.eqz", op(f"{w}.and", a.low, op(f"{w}.sub", a.low, f"({w}.const 1)")))
    surely = same if a.exact or b.exact else op("i32.and", same, single)
    return truth(body, possibly, surely, exact)


def one_of(body: FunctionBody, type_: Code, a: Val, mask: int) -> Val:
    """Whether a code is among those of a mask."""
    w, every = machine(type_), (1 << type_.size) - 1
    possibly = op(f"{w}.ne", op(f"{w}.and", a.low, f"({w}.const {mask & every})"), f"({w}.const 0)")
    surely = op(f"{w}.eqz", op(f"{w}.and", a.low, f"({w}.const {every & ~mask})"))
    return truth(body, possibly, surely, a.exact)


def add(body: FunctionBody, args: Sequence[Val]) -> Val:
    """The sum."""

    def total(ends: list[str]) -> str:
        result = ends[0]
        for end in ends[1:]:
            result = body.let("i64", op("i64.add", result, end))
        return result

    return interval(total([arg.low for arg in args]), total([arg.high for arg in args]))


def scaled(body: FunctionBody, a: Val, factor: int) -> Val:
    """`a` times a constant."""
    if factor == 1:
        return a
    low, high = (body.let("i64", op("i64.mul", end, i64(factor))) for end in (a.low, a.high))
    return interval(low, high) if factor >= 0 else interval(high, low)


def times(body: FunctionBody, a: Val, b: Val, left: Type, right: Type) -> Val:
    """The product; which ends make its ends follows from the signs, where they are settled."""

    def product(x: str, y: str) -> str:
        return body.let("i64", op("i64.mul", x, y))

    match _sign(left), _sign(right):
        case 1, 1:
            return interval(product(a.low, b.low), product(a.high, b.high))
        case 1, -1:
            return interval(product(a.high, b.low), product(a.low, b.high))
        case -1, 1:
            return interval(product(a.low, b.high), product(a.high, b.low))
        case -1, -1:
            return interval(product(a.high, b.high), product(a.low, b.low))
        case _:
            return _corners(body, product, a, b)


def over(body: FunctionBody, a: Val, b: Val, left: Type, right: Type, rounding: Rounding) -> Val:
    """The rounded quotient."""
    positive = range_of(left)[0] >= 0

    def ratio(x: str, y: str) -> str:
        return _quotient(body, x, y, rounding, positive)

    if _sign(right) == 1:
        if _sign(left) == 1:
            return interval(ratio(a.low, b.high), ratio(a.high, b.low))
        if _sign(left) == -1:
            return interval(ratio(a.low, b.low), ratio(a.high, b.high))
        if b.exact:
            return interval(ratio(a.low, b.low), ratio(a.high, b.low))
    return _corners(body, ratio, a, b)


def _sign(type_: Type) -> int:
    """1 where no value is below zero, -1 where none is above, else 0."""
    low, high = range_of(type_)
    return 1 if low >= 0 else -1 if high <= 0 else 0


def _corners(body: FunctionBody, operation: Callable[[str, str], str], a: Val, b: Val) -> Val:
    found = list(dict.fromkeys(operation(x, y) for x in (a.low, a.high) for y in (b.low, b.high)))
    low = high = found[0]
    for other in found[1:]:
        low, high = body.least(low, other), body.most(high, other)
    return interval(low, high)


def _quotient(body: FunctionBody, x: str, y: str, rounding: Rounding, positive: bool) -> str:
    whole = body.let("i64", op("i64.div_s", x, y))
    if rounding is Rounding.DOWN:
        return whole
    if not y.startswith("(i64.const ") or (divisor := int(y.removeprefix("(i64.const ").rstrip(")"))) <= 0:
        return body.let("i64", op(f"call $quotient_{rounding.value}", x, y))
    rest = body.let("i64", op("i64.sub", x, op("i64.mul", whole, y)))
    bound = (divisor + 1) // 2 if rounding is Rounding.HALF_UP else 1
    up = body.let("i64", op("i64.add", whole, op("i64.extend_i32_u", op("i64.ge_s", rest, i64(bound)))))
    if positive:
        return up
    return body.let("i64", op("i64.sub", up, op("i64.extend_i32_u", op("i64.le_s", rest, i64(-bound)))))


def extreme(body: FunctionBody, args: Sequence[Val], greatest: bool) -> Val:
    """The least or greatest."""
    pick = body.most if greatest else body.least
    low, high = args[0].low, args[0].high
    for arg in args[1:]:
        low, high = pick(low, arg.low), pick(high, arg.high)
    return interval(low, high)


def clamp(body: FunctionBody, a: Val, type_: Type, low: int, high: int) -> Val:
    """`a` kept within two numbers, of which those that its type does not pass are not asked for."""
    least, most = range_of(type_)
    kept = a if most <= high else extreme(body, [a, interval(i64(high), i64(high))], False)
    return kept if least >= low else extreme(body, [kept, interval(i64(low), i64(low))], True)


def choose(body: FunctionBody, type_: Type, test: Val, value: Val, rest: Val) -> Val:
    """`value` where the test is true, `rest` where it is false, either where it is open."""
    if test.low == YES or value == rest:
        return value
    if test.low == NO:
        return rest
    kind = machine(type_)
    possibly = _pick(body, kind, test.low, value, rest)
    if test.exact:
        return possibly
    surely = _pick(body, kind, body.let("i32", op("i32.and", test.low, i32(1))), value, rest)
    return join(body, type_, possibly, surely)


def _pick(body: FunctionBody, kind: Machine, test: str, value: Val, rest: Val) -> Val:
    def end(x: str, y: str) -> str:
        return x if x == y else body.let(kind, op("select", x, y, test))

    return Val(end(value.low, rest.low), end(value.high, rest.high), value.exact and rest.exact)


def join(body: FunctionBody, type_: Type, a: Val, b: Val) -> Val:
    """What is possible where either value may be the right one."""
    match type_:
        case Truth():
            either, both = op("i32.or", a.low, b.low), op("i32.and", a.low, b.low)
            bits = body.let("i32", op("i32.or", op("i32.and", either, i32(2)), op("i32.and", both, i32(1))))
            return Val(bits, bits, False)
        case Code():
            mask = body.let(machine(type_), op(f"{machine(type_)}.or", a.low, b.low))
            return Val(mask, mask, False)
        case _:
            return interval(body.least(a.low, b.low), body.most(a.high, b.high))


def elapsed(body: FunctionBody, period: Period, start: Val, end: Val) -> Val:
    """Completed periods; never below 0. Dates are packed so that a difference's upper bits are the periods."""

    def between(first: str, last: str) -> str:
        match period:
            case Period.DAYS:
                passed = body.let("i64", op("i64.sub", last, first))
            case Period.YEARS:
                passed = _packed_difference(body, "years", 9, first, last)
            case Period.MONTHS:
                passed = _packed_difference(body, "months", 5, first, last)
            case _:
                assert_never(period)
        return body.most(passed, i64(0))

    return interval(between(start.high, end.low), between(start.low, end.high))


def _packed_difference(body: FunctionBody, name: str, bits: int, first: str, last: str) -> str:
    one, two = (body.let("i64", packed(name, day)) for day in (first, last))
    return body.let("i64", op("i64.shr_s", op("i64.sub", two, one), i64(bits)))


def packed(name: str, day: str) -> str:
    """A day as years or months above and the rest below."""
    return op(f"call $packed_{name}", day)


def shift(body: FunctionBody, day: Val, amount: Val, period: Period) -> Val:
    """A day moved by a number of periods."""

    def moved(start: str, by: str) -> str:
        match period:
            case Period.DAYS:
                return body.let("i64", op("i64.add", start, by))
            case Period.MONTHS:
                return body.let("i64", op("call $shift_months", start, by))
            case Period.YEARS:
                months = body.let("i64", op("i64.mul", by, i64(12)))
                return body.let("i64", op("call $shift_months", start, months))
            case _:
                assert_never(period)

    return interval(moved(day.low, amount.low), moved(day.high, amount.high))


def calendar(body: FunctionBody, part: CalendarPart | MonthDay, day: Val) -> Val:
    """What the calendar gives for a day: end by end, but for the month, which begins again with each year."""
    low, high = (_calendar(body, part, end) for end in (day.low, day.high))
    if part is not CalendarPart.MONTH or day.exact:
        return interval(low, high)
    first, last = (_calendar(body, CalendarPart.YEAR, end) for end in (day.low, day.high))
    same = body.let("i32", op("i64.eq", first, last))
    return interval(*(body.let("i64", op("select", *ends, same)) for ends in ((low, i64(1)), (high, i64(12)))))


_MONTHS = 5
"""How many bits of a packed day the day of the month takes; above stand the months since the year 0."""


def _calendar(body: FunctionBody, part: CalendarPart | MonthDay, day: str) -> str:
    together = body.let("i64", packed("months", day))
    months = body.let("i64", op("i64.shr_u", together, i64(_MONTHS)))
    match part:
        case CalendarPart.YEAR:
            return body.let("i64", op("i64.div_u", months, i64(12)))
        case CalendarPart.MONTH:
            return body.let("i64", op("i64.add", op("i64.rem_u", months, i64(12)), i64(1)))
        case CalendarPart.START_OF_MONTH:
            return _first_of(body, months)
        case CalendarPart.START_OF_QUARTER:
            return _first_of(body, body.let("i64", op("i64.sub", months, op("i64.rem_u", months, i64(3)))))
        case MonthDay(month, of_month):
            passed = op("i64.sub", together, i64((month - 1 << _MONTHS) + of_month))
            year = body.let("i64", op("i64.div_u", passed, i64(12 << _MONTHS)))
            return body.let("i64", op("call $day_of", op("i32.wrap_i64", year), i32(month), i32(of_month)))


def _first_of(body: FunctionBody, months: str) -> str:
    year, month = (op("i32.wrap_i64", op(f"i64.{name}_u", months, i64(12))) for name in ("div", "rem"))
    return body.let("i64", op("call $day_of", year, op("i32.add", month, i32(1)), i32(1)))
