"""Long tables by one number: rows as sorted data, and the row of a value found by halving.

In: the definitions of a module. Out: `Lookups`, with their data. Called by `module`, `function` and `relevance`.
A choice among a few rows is written out test by test; one among thousands would take minutes to compile.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from struct import pack

from fupin_policy.core.expressions import And, Cases, Compare, Const, Expr, Never, walk
from fupin_policy.core.types import INT64_MAX, INT64_MIN, Day, Number
from fupin_policy.evaluators.wasm.body import FunctionBody, Val, i32, i64, op

LEAST_ROWS = 64
"""From how many rows on a table becomes data."""

KeyRange = tuple[int, int]
LookupRow = tuple[KeyRange, int]

RUNTIME = """
(func $segment_of (param $cuts i32) (param $count i32) (param $x i64) (result i32)
  ;; how many of the sorted cuts are not above a value
  (local $low i32) (local $middle i32)
  (block $done (loop $next
    (br_if $done (i32.ge_u (local.get $low) (local.get $count)))
    (local.set $middle (i32.shr_u (i32.add (local.get $low) (local.get $count)) (i32.const 1)))
    (if (i64.le_s (i64.load (i32.add (local.get $cuts) (i32.shl (local.get $middle) (i32.const 3)))) (local.get $x))
      (then (local.set $low (i32.add (local.get $middle) (i32.const 1))))
      (else (local.set $count (local.get $middle))))
    (br $next)))
  (local.get $low))

(func $end_of (param $values i32) (param $from i32) (param $to i32) (param $rest i64) (param $greatest i32) (result i64)
  ;; the least or greatest of some segments' values; of several, what holds where no row does is one of them
  (local $found i64) (local $value i64)
  (local.set $found (i64.load (i32.add (local.get $values) (i32.shl (local.get $from) (i32.const 3)))))
  (if (i32.eq (local.get $from) (local.get $to)) (then (return (local.get $found))))
  (local.set $value (local.get $rest))
  (block $done (loop $next
    (if (i32.xor (i64.lt_s (local.get $value) (local.get $found)) (local.get $greatest))
      (then (local.set $found (local.get $value))))
    (br_if $done (i32.ge_u (local.get $from) (local.get $to)))
    (local.set $from (i32.add (local.get $from) (i32.const 1)))
    (local.set $value (i64.load (i32.add (local.get $values) (i32.shl (local.get $from) (i32.const 3)))))
    (br $next)))
  (local.get $found))
"""


@dataclass(frozen=True, slots=True)
class Lookup:
    """A choice by where a number or day lies: segment k begins at cut k - 1. `rest` is what holds where no row does."""

    arg: Expr = field(compare=False)
    cuts: tuple[int, ...]
    values: tuple[int, ...]
    rest: KeyRange

    @property
    def data(self) -> bytes:
        """The cuts, then the segments' values, as 64-bit integers."""
        return pack(f"<{len(self.cuts) + len(self.values)}q", *self.cuts, *self.values)

    def write(self, body: FunctionBody, at: int, value: Val) -> Val:
        """The value chosen, of a lookup whose data stand at an address."""
        values = at + 8 * len(self.cuts)

        def segment(end: str) -> str:
            return body.let("i32", op("call $segment_of", i32(at), i32(len(self.cuts)), end))

        first = segment(value.low)
        if value.low == value.high:
            found = body.let("i64", op("i64.load", f"offset={values}", op("i32.shl", first, i32(3))))
            return Val(found, found, value.exact)
        last = segment(value.high)
        ends = [
            body.let("i64", op("call $end_of", i32(values), first, last, i64(rest), i32(greatest)))
            for greatest, rest in enumerate(self.rest)
        ]
        return Val(ends[0], ends[1], False)


@dataclass(frozen=True, slots=True)
class Lookups:
    """The lookups of a module, by the identity of their choices, each with the address of its data."""

    of_expr: dict[int, tuple[Lookup, int]]
    start: int
    data: bytes

    @classmethod
    def of(cls, found: Mapping[int, Lookup], start: int) -> Lookups:
        """Lookups with their data beginning at an address; the same data stand there once."""
        places: dict[Lookup, int] = {}
        data = bytearray()
        for lookup in found.values():
            if lookup not in places:
                places[lookup] = start + len(data)
                data += lookup.data
        return cls({name: (lookup, places[lookup]) for name, lookup in found.items()}, start, bytes(data))


def lookups_of(exprs: Iterable[Expr]) -> dict[int, Lookup]:
    """The long tables of expressions, by the identity of their choices."""
    nodes = (node for expr in exprs for node in walk(expr))
    found = ((id(node), lookup_of(node)) for node in nodes if isinstance(node, Cases))
    return {name: lookup for name, lookup in found if lookup is not None}


def lookup_of(expr: Cases) -> Lookup | None:
    """A choice as a lookup: many rows, each a constant for a stretch of one number or day, no two of which overlap."""
    if len(expr.branches) < LEAST_ROWS or not isinstance(expr.type, Number | Day):
        return None
    if not isinstance(expr.otherwise, Const | Never):
        return None
    arg: Expr | None = None
    rows: list[LookupRow] = []
    for test, value in expr.branches:
        found = _stretch(test)
        if found is None or not isinstance(value, Const) or (arg is not None and found[0] != arg):
            return None
        arg = found[0] if arg is None else arg
        if found[1][0] <= found[1][1]:
            rows.append((found[1], value.value))
    rows.sort()
    if arg is None or any(before[1] >= after[0] for (before, _), (after, _) in pairwise(rows)):
        return None
    return _segments(arg, rows, expr.otherwise)


def _segments(arg: Expr, rows: list[LookupRow], otherwise: Const | Never) -> Lookup:
    """The rows with what lies between them, beginning with what lies before the first."""
    low, high = (otherwise.value, otherwise.value) if isinstance(otherwise, Const) else (INT64_MAX, INT64_MIN)
    cuts: list[int] = []
    values = [low]
    for (first, last), value in rows:
        if cuts and cuts[-1] == first:  # it follows the row before without a gap
            values[-1] = value
        else:
            cuts.append(first)
            values.append(value)
        if last < INT64_MAX:
            cuts.append(last + 1)
            values.append(low)
    return Lookup(arg, tuple(cuts), tuple(values), (low, high))


def _stretch(test: Expr) -> tuple[Expr, KeyRange] | None:
    """The number or day that a test is about, and where it must lie."""
    arg: Expr | None = None
    low, high = INT64_MIN, INT64_MAX
    for part in test.args if isinstance(test, And) else (test,):
        found = _bound(part)
        if found is None or (arg is not None and found[0] != arg):
            return None
        arg = found[0]
        low, high = max(low, found[1][0]), min(high, found[1][1])
    return None if arg is None else (arg, (low, high))


def _bound(part: Expr) -> tuple[Expr, KeyRange] | None:
    match part:
        case Compare(sign, Const(value, Number() | Day()), arg) if not isinstance(arg, Const):
            return arg, (value, value) if sign == "=" else (value + (sign == "<"), INT64_MAX)
        case Compare(sign, arg, Const(value, Number() | Day())) if not isinstance(arg, Const):
            return arg, (value, value) if sign == "=" else (INT64_MIN, value - (sign == "<"))
        case _:
            return None
