"""One snapshot as one WebAssembly function, which loops over households.

In: a snapshot's definitions, the layout. Out: WAT text and how much scratch a member takes. Called by `module`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import assert_never, cast

from fupin_policy.core import possible
from fupin_policy.core.declarations import Input
from fupin_policy.core.expressions import (
    Add,
    And,
    AsOf,
    Calendar,
    Cases,
    Clamp,
    Compare,
    Const,
    DateDiff,
    Divide,
    Expr,
    Fact,
    Gather,
    Max,
    Members,
    Min,
    Multiply,
    Never,
    Not,
    OneOf,
    Or,
    Parameter,
    Ref,
    Scale,
    Shift,
    Unknown,
)
from fupin_policy.core.identifiers import DefinitionId, InputId
from fupin_policy.core.program import Program
from fupin_policy.core.snapshot import Dated
from fupin_policy.core.types import Code, Type
from fupin_policy.evaluators.wasm import operators as ops
from fupin_policy.evaluators.wasm.aggregates import Gathered, gather, of_rows, settle
from fupin_policy.evaluators.wasm.body import FunctionBody, Val, get, i32, machine, op, per_member
from fupin_policy.evaluators.wasm.layout import AS_OF, ASKED, HOUSEHOLDS, OFFSETS, Layout, MemoryColumn
from fupin_policy.evaluators.wasm.lookup import Lookups
from fupin_policy.evaluators.wasm.plan import Plan, plan_of
from fupin_policy.evaluators.wasm.relevance import SETTLED, Graph, Numbering

_LOADS = {
    "u8": "i32.load8_u",
    "u16": "i32.load16_u",
    "u32": "i32.load",
    "u64": "i64.load",
    "i32": "i64.load32_s",
    "i64": "i64.load",
}
_STORES = {"u8": "i32.store8", "u32": "i32.store", "u64": "i64.store", "i64": "i64.store"}
_SHIFTS = {1: 0, 2: 1, 4: 2, 8: 3}


@dataclass(frozen=True, slots=True)
class ProgramShape:
    """What all snapshots of a program have in common."""

    program: Program
    layout: Layout
    inputs: dict[InputId, tuple[Input, tuple[MemoryColumn, ...]]]
    lookups: Lookups
    scratch: int
    """Where the scratch area starts: arrays of `max_members` entries."""

    @classmethod
    def of(cls, program: Program, layout: Layout, lookups: Lookups) -> ProgramShape:
        """The shape of a program; the scratch area stands behind the data of its lookups."""
        both = [
            *zip(program.household_inputs, layout.household_inputs, strict=True),
            *zip(program.member_inputs, layout.member_inputs, strict=True),
        ]
        inputs = {column.id: (column, columns) for column, columns in both}
        return cls(program, layout, inputs, lookups, lookups.start + len(lookups.data))


@dataclass(frozen=True, slots=True)
class Traced:
    """Where a function leaves a byte for each node, so that the nodes' openness can be walked afterwards."""

    graph: Graph
    numbering: Numbering
    address: int


def wanted(program: Program) -> list[DefinitionId]:
    """The definitions whose values are outputs."""
    return [output.definition for output in program.outputs]


@dataclass(frozen=True, slots=True)
class Function:
    """A snapshot's function, and the bytes of scratch that it takes for each member."""

    text: str
    scratch: int


def write_function(
    shape: ProgramShape, name: str, definitions: tuple[Dated, ...], *, exact: bool = False, traced: Traced | None = None
) -> Function:
    """The function of a snapshot's definitions.

    With `exact` it takes every fact to be known, and works out one end; with `traced` it looks at the one household
    asked about, and leaves a byte for each node.
    """
    writer = _Writer(shape, plan_of(definitions), exact, traced)
    phases = [writer.phase(stage) for stage in range(writer.plan.last + 1)]
    lines = [f"(func {name}", *_locals(writer), *_prologue(writer), *_household_loop(shape, phases), ")"]
    return Function("\n".join(lines), writer.scratch_used)


def _locals(writer: _Writer) -> list[str]:
    fixed = [("$as_of", "i64"), ("$as_of_years", "i64"), ("$as_of_months", "i64")]
    fixed += [(name, "i32") for name in ("$offsets", "$households", "$row", "$mi", "$first", "$last")]
    fixed += [(_pointer(column), "i32") for column in writer.pointers.values()]
    return [f"(local {name} {kind})" for name, kind in [*fixed, *writer.body.locals]]


def _prologue(writer: _Writer) -> list[str]:
    return [
        f"(local.set $as_of (i64.load32_s {i32(AS_OF)}))",
        f"(local.set $as_of_years {ops.packed('years', get('$as_of'))})",
        f"(local.set $as_of_months {ops.packed('months', get('$as_of'))})",
        *_rows(writer.traced is not None),
        f"(local.set $offsets (i32.load {i32(OFFSETS)}))",
        *(f"(local.set {_pointer(c)} (i32.load {i32(c.pointer)}))" for c in writer.pointers.values()),
    ]


def _rows(only_asked: bool) -> list[str]:
    every = f"(local.set $households (i32.load {i32(HOUSEHOLDS)}))"
    if not only_asked:
        return [every]
    return [
        every,
        f"(local.set $row (i32.load {i32(ASKED)}))",
        "(if (i32.ge_u (local.get $row) (local.get $households)) (then unreachable))",
        "(local.set $households (i32.add (local.get $row) (i32.const 1)))",
    ]


def _household_loop(shape: ProgramShape, phases: Sequence[tuple[list[str], list[str]]]) -> list[str]:
    inner: list[str] = []
    for stage, (household, member) in enumerate(phases):
        inner += household
        if member:
            start = f"(local.set $mi {get('$first')})"
            inner += [start, *_loop(f"stage{stage}", "$mi", get("$last"), member)]
    here = op("i32.add", get("$offsets"), op("i32.shl", get("$row"), i32(2)))
    bounds = [
        f"(local.set $first (i32.load {here}))",
        f"(local.set $last (i32.load offset=4 {here}))",
        f"(if (i32.gt_u (i32.sub (local.get $last) (local.get $first)) {i32(shape.program.max_members)})"
        " (then unreachable))",
    ]
    return _loop("households", "$row", get("$households"), [*bounds, *inner])


def _loop(name: str, counter: str, end: str, lines: Sequence[str]) -> list[str]:
    return [
        f"(block $end_{name} (loop $next_{name}",
        f"(br_if $end_{name} (i32.ge_u (local.get {counter}) {end}))",
        *lines,
        f"(local.set {counter} (i32.add (local.get {counter}) (i32.const 1)))",
        f"(br $next_{name})))",
    ]


def _pointer(column: MemoryColumn) -> str:
    return f"$p{column.pointer}"


@dataclass(slots=True)
class _Writer:
    """Writes one function, phase by phase."""

    shape: ProgramShape
    plan: Plan
    exact: bool
    traced: Traced | None
    body: FunctionBody = field(default_factory=FunctionBody)
    pointers: dict[int, MemoryColumn] = field(default_factory=dict)
    scratch_used: int = 0
    definitions: dict[DefinitionId, Dated] = field(init=False)
    _values: dict[DefinitionId, Val] = field(default_factory=dict)
    _member_values: dict[DefinitionId, Val] = field(default_factory=dict)
    _nodes: dict[int, Val] = field(default_factory=dict)
    _slots: dict[DefinitionId, Val] = field(default_factory=dict)
    _gathered: dict[Members, Gathered] = field(default_factory=dict)
    _settled: dict[Members, Val] = field(default_factory=dict)
    _left: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.definitions = {definition.id: definition for definition in self.plan.definitions}
        for name in ("years", "months"):
            self.body.known[ops.packed(name, get("$as_of"))] = get(f"$as_of_{name}")

    def phase(self, stage: int) -> tuple[list[str], list[str]]:
        """A stage's statements: the household's, and those of the loop after them."""
        self.body.next_phase()
        self._nodes, self._member_values = {}, {}
        here = [d for d in self.plan.definitions if self.plan.stages[d.id] == stage]
        for definition in here:
            value = self._define(definition)
            self._output(definition, value)
            if definition.id in self.plan.kept:
                self._keep(definition, value)
        for asked in self.plan.asked.values():
            if asked.loop == stage:
                node = asked.node
                chosen = None if node.value is None else self.value(node.value)
                self._gathered[node] = gather(self.body, node.aggregate, self.value(node.where), chosen)
        return self.body.household, self.body.member

    def _define(self, definition: Dated) -> Val:
        values = self._member_values if definition.level == "member" else self._values
        if definition.id not in values:
            values[definition.id] = self.value(definition.expr)
        return values[definition.id]

    def _output(self, definition: Dated, value: Val) -> None:
        lines = self.body.member if definition.level == "member" else self.body.household
        ends = (value.low, value.high)
        for column, end in zip(self.shape.layout.outputs.get(definition.id, ()), ends, strict=False):
            lines.append(op(_STORES[column.storage], self._address(column), end))

    def _keep(self, definition: Dated, value: Val) -> None:
        """Leave a member's value in the scratch area; what is the same for all members stays in its local."""
        kind = machine(definition.type)
        kept: dict[str, str] = {}
        for end in (value.low, value.high):
            if not per_member(end):
                kept[end] = end
            elif end not in kept:
                size = 4 if kind == "i32" else 8
                where = self._slot(size)
                self.body.member.append(f"({kind}.store {where} {end})")
                kept[end] = f"({kind}.load {where})"
        self._slots[definition.id] = Val(kept[value.low], kept[value.high], value.exact)

    def _slot(self, size: int) -> str:
        """The address of a new scratch array's entry for the member looked at."""
        start = self.shape.scratch + self.scratch_used * self.shape.program.max_members
        self.scratch_used += size
        index = op("i32.sub", get("$mi"), get("$first"))
        return f"offset={start} {op('i32.shl', index, i32(_SHIFTS[size]))}"

    def _address(self, column: MemoryColumn) -> str:
        self.pointers[column.pointer] = column
        index = get("$mi" if column.of_members else "$row")
        shift = _SHIFTS[column.size]
        return op("i32.add", get(_pointer(column)), op("i32.shl", index, i32(shift)) if shift else index)

    def value(self, expr: Expr) -> Val:
        """The operands of an expression."""
        if id(expr) not in self._nodes:
            found = self._nodes[id(expr)] = self._value(expr)
            if self.traced is not None and not isinstance(expr, Ref):
                self._leave(self.traced, expr, found)
        return self._nodes[id(expr)]

    def _leave(self, traced: Traced, expr: Expr, found: Val) -> None:
        """Leave a node's byte: a truth's bits, else whether there is but one value."""
        number = traced.numbering.of_expr[id(expr)]
        node = traced.graph.nodes[number]
        if node.kind == SETTLED or number in self._left:
            return
        self._left.add(number)
        index = op("i32.sub", get("$mi"), get("$first")) if node.varies else i32(0)
        lines = self.body.member if node.varies else self.body.household
        lines.append(f"(i32.store8 offset={traced.address + node.offset} {index} {ops.openness(expr.type, found)})")

    def _value(self, expr: Expr) -> Val:
        body, value = self.body, self.value
        match expr:
            case Const(known, type_):
                pair = not isinstance(possible.top(type_), int)
                return ops.constant(type_, (known, known) if pair else known)
            case Unknown(_, type_):
                return ops.constant(type_, possible.top(type_))
            case Never(type_):
                return ops.constant(type_, possible.bottom(type_))
            case Fact(name, _, type_):
                return self._fact(name, type_)
            case AsOf():
                return ops.interval(get("$as_of"), get("$as_of"))
            case Ref(definition, _):
                return self._ref(definition)
            case Not(arg):
                return ops.negate(body, value(arg))
            case And(args):
                return ops.fold(body, self._all(args), "and")
            case Or(args):
                return ops.fold(body, self._all(args), "or")
            case Compare(sign, left, right):
                if isinstance(left.type, Code):
                    return ops.same_code(body, left.type, value(left), value(right))
                return ops.compare(body, sign, value(left), value(right))
            case OneOf(arg, mask):
                return ops.one_of(body, cast(Code, arg.type), value(arg), mask)
            case Add(args):
                return ops.add(body, self._all(args))
            case Scale(arg, factor):
                return ops.scaled(body, value(arg), factor)
            case Multiply(left, right):
                return ops.times(body, value(left), value(right), left.type, right.type)
            case Divide(left, right, rounding):
                return ops.over(body, value(left), value(right), left.type, right.type, rounding)
            case Min(args):
                return ops.extreme(body, self._all(args), False)
            case Max(args):
                return ops.extreme(body, self._all(args), True)
            case Cases() if id(expr) in self.shape.lookups.of_expr:
                lookup, address = self.shape.lookups.of_expr[id(expr)]
                return lookup.write(body, address, value(lookup.arg))
            case Cases(branches, otherwise, type_):
                result = value(otherwise)
                for test, chosen in reversed(branches):
                    result = ops.choose(body, type_, value(test), value(chosen), result)
                return result
            case Members():
                return self._ask(expr)
            case Gather(aggregate, rows, default):
                return of_rows(body, aggregate, [(value(test), value(one)) for test, one in rows], value(default))
            case Clamp(arg, low, high):
                return ops.clamp(body, value(arg), arg.type, low, high)
            case DateDiff(period, start, end):
                return ops.elapsed(body, period, value(start), value(end))
            case Shift(arg, amount, period):
                return ops.shift(body, value(arg), value(amount), period)
            case Calendar(part, arg):
                return ops.calendar(body, part, value(arg))
            case Parameter():
                raise AssertionError(expr)
            case _:
                assert_never(expr)

    def _all(self, args: Sequence[Expr]) -> list[Val]:
        return [self.value(arg) for arg in args]

    def _fact(self, name: InputId, type_: Type) -> Val:
        declared, columns = self.shape.inputs[name]
        exact = self.exact or declared.required
        read = columns[:1] if exact else columns
        ends = [self.body.let(machine(type_), op(_LOADS[column.storage], self._address(column))) for column in read]
        return Val(ends[0], ends[-1], exact)

    def _ref(self, name: DefinitionId) -> Val:
        definition = self.definitions[name]
        if definition.level != "member" or name not in self._slots or name in self._member_values:
            return self._define(definition)
        kept, kind = self._slots[name], machine(definition.type)
        return Val(self.body.let(kind, kept.low), self.body.let(kind, kept.high), kept.exact)

    def _ask(self, node: Members) -> Val:
        if node not in self._settled:
            default = None if node.default is None else self.value(node.default)
            self._settled[node] = settle(self.body, node.aggregate, self._gathered[node], default)
        return self._settled[node]
