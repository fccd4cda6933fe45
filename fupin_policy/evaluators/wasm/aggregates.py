"""Questions about members or items: what the loop gathers, and the value made of it afterwards. And about rows.

In: operands of one member or item, then the gathered locals; operands of rows. Out: statements, then operands.
Called by `writer`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from fupin_policy.core.expressions import Aggregate
from fupin_policy.core.possible import FALSE
from fupin_policy.core.types import INT64_MAX, INT64_MIN
from fupin_policy.evaluators.wasm.body import FunctionBody, Machine, Val, get, i32, i64, op
from fupin_policy.evaluators.wasm.operators import interval


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a loop left behind, as operands. `exact`: the value is; for an extreme: who takes part is."""

    low: str
    high: str
    exact: bool
    surely_any: str = ""
    if_sure: str = ""


def gather(body: FunctionBody, aggregate: Aggregate, where: Val, value: Val | None, times: str = "") -> Gathered:
    """Code for the innermost loop: take one member or item into account.

    `times`, of a list whose items may not all be known, is for how many it stands.
    """
    match aggregate:
        case Aggregate.ANY:
            bits = _gather(body, "i32", 0, "i32.or", where.low)
            return Gathered(bits, bits, where.exact)
        case Aggregate.COUNT:
            return _count(body, where, times)
        case Aggregate.SUM:
            return _sum(body, where, _given(value), times)
        case Aggregate.MIN | Aggregate.MAX:
            return _extreme(body, where, _given(value), aggregate is Aggregate.MAX)
        case _:
            assert_never(aggregate)


def settle(body: FunctionBody, aggregate: Aggregate, found: Gathered, default: Val | None) -> Val:
    """Code after the loop: the question's value."""
    if aggregate not in (Aggregate.MIN, Aggregate.MAX):
        return Val(found.low, found.high, found.exact)
    default = _given(default)
    greatest = aggregate is Aggregate.MAX

    def either(sure: str, other: str) -> str:
        return body.let("i64", op("select", sure, other, found.surely_any))

    if found.exact:  # then what is possible is sure, and nothing is where nothing is sure
        return interval(either(found.low, default.low), either(found.high, default.high))
    least, most = body.least(found.low, default.low), body.most(found.high, default.high)
    if greatest:
        return interval(either(found.if_sure, least), either(found.high, most))
    return interval(either(found.low, least), either(found.if_sure, most))


def of_rows(body: FunctionBody, aggregate: Aggregate, rows: Sequence[tuple[Val, Val]], default: Val) -> Val:
    """The sum or the greatest of the values of those rows whose test holds; the default where none does."""
    kept = [(test, value) for test, value in rows if test.low != i32(FALSE)]
    sure = [(test.low if test.exact else _surely(body, test), value) for test, value in kept]
    maybe = [(test.low, value) for test, value in kept]
    exact, surely_any = all(test.exact for test, _ in kept), i32(FALSE)
    for test, _ in sure:
        surely_any = body.let("i32", op("i32.or", surely_any, test))
    low = _best(body, [(test, value.low) for test, value in maybe], False)
    high = _best(body, [(test, value.high) for test, value in maybe], True)
    if aggregate is Aggregate.MAX:
        if_sure = _best(body, [(test, value.low) for test, value in sure], True)
        return settle(body, aggregate, Gathered(if_sure if exact else low, high, exact, surely_any, if_sure), default)
    ends = [i64(0), i64(0)]
    for (if_sure, value), (if_maybe, _) in zip(sure, maybe, strict=True):
        beyond = [body.least(value.low, i64(0)), body.most(value.high, i64(0))]
        for at, end in enumerate((value.low, value.high)):
            open_ = i64(0) if exact else op("select", beyond[at], i64(0), if_maybe)
            ends[at] = body.let("i64", op("i64.add", ends[at], op("select", end, open_, if_sure)))
    if default == Val(i64(0), i64(0), True):
        return interval(*ends)
    # of several that may be taken at least one is
    least = body.least(default.low, body.let("i64", op("select", ends[0], low, op("i64.lt_s", ends[0], i64(0)))))
    most = body.most(default.high, body.let("i64", op("select", ends[1], high, op("i64.gt_s", ends[1], i64(0)))))
    rest = (default.low, default.high) if exact else (least, most)
    return interval(
        *(body.let("i64", op("select", end, other, surely_any)) for end, other in zip(ends, rest, strict=True))
    )


def _best(body: FunctionBody, rows: Sequence[tuple[str, str]], greatest: bool) -> str:
    """The least or greatest of the values whose test is not 0; the other end of all numbers where there is none."""
    none = i64(INT64_MIN if greatest else INT64_MAX)
    found = none
    for test, value in rows:
        chosen = body.let("i64", op("select", value, none, test))
        found = (body.most if greatest else body.least)(found, chosen)
    return found


def _given(value: Val | None) -> Val:
    if value is None:
        raise AssertionError("a question about members without its value")
    return value


def _gather(body: FunctionBody, kind: Machine, start: int, name: str, operand: str) -> str:
    """A new gathering local, combined with an operand in each turn of the innermost loop."""
    local = body.fresh("a", kind)
    body.lines[body.depth - 1].append(f"(local.set {local} ({kind}.const {start}))")
    body.lines[body.depth].append(f"(local.set {local} {op(name, get(local), operand)})")
    return get(local)


def _gather_extreme(body: FunctionBody, test: str, operand: str, greatest: bool) -> str:
    local = body.fresh("a", "i64")
    body.lines[body.depth - 1].append(f"(local.set {local} {i64(INT64_MIN if greatest else INT64_MAX)})")
    better = op("i64.gt_s" if greatest else "i64.lt_s", operand, get(local))
    taken = op("i32.and", op("i32.ne", test, i32(0)), better)
    body.lines[body.depth].append(f"(local.set {local} {op('select', operand, get(local), taken)})")
    return get(local)


def _surely(body: FunctionBody, where: Val) -> str:
    return body.let("i32", op("i32.and", where.low, i32(1)))


def _count(body: FunctionBody, where: Val, times: str) -> Gathered:
    low = _gather(body, "i64", 0, "i64.add", op("i64.extend_i32_u", _surely(body, where)))
    maybe = _times(op("i64.extend_i32_u", op("i32.shr_u", where.low, i32(1))), times)
    return Gathered(low, low if where.exact else _gather(body, "i64", 0, "i64.add", maybe), where.exact)


def _times(term: str, times: str) -> str:
    return op("i64.mul", term, times) if times else term


def _sum(body: FunctionBody, where: Val, value: Val, times: str) -> Gathered:
    surely, zero = _surely(body, where), i64(0)
    if where.exact:
        low_term, high_term = (op("select", end, zero, surely) for end in (value.low, value.high))
    else:
        below, above = body.least(value.low, zero), body.most(value.high, zero)
        # what stands for several is never surely there
        low_term = op("select", value.low, _times(op("select", below, zero, where.low), times), surely)
        high_term = op("select", value.high, _times(op("select", above, zero, where.low), times), surely)
    low = _gather(body, "i64", 0, "i64.add", low_term)
    exact = where.exact and value.exact
    return Gathered(low, low if exact else _gather(body, "i64", 0, "i64.add", high_term), exact)


def _extreme(body: FunctionBody, where: Val, value: Val, greatest: bool) -> Gathered:
    surely = _surely(body, where)
    surely_any = _gather(body, "i32", 0, "i32.or", surely)
    if where.exact:
        low = _gather_extreme(body, where.low, value.low, greatest)
        high = low if value.exact else _gather_extreme(body, where.low, value.high, greatest)
        return Gathered(low, high, True, surely_any)
    low = _gather_extreme(body, where.low, value.low, False)
    high = _gather_extreme(body, where.low, value.high, True)
    if_sure = _gather_extreme(body, surely, value.low if greatest else value.high, greatest)
    return Gathered(low, high, False, surely_any, if_sure)
