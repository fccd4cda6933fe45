"""All definitions as one WebAssembly function, which loops over households and takes the version that holds.

In: definitions, the layout. Out: WAT text and how much scratch a member takes. Called by `module`.
What several versions have in common is worked out outside of them, once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never, cast

from fupin_policy.core import possible
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
    Items,
    Max,
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
from fupin_policy.core.types import Code, Type
from fupin_policy.evaluators.wasm import operators as ops
from fupin_policy.evaluators.wasm.aggregates import Gathered, gather, of_rows, settle
from fupin_policy.evaluators.wasm.body import FunctionBody, Val, VersionBlock, get, i32, machine, op, per_member
from fupin_policy.evaluators.wasm.layout import AS_OF, ASKED, HOUSEHOLDS, OFFSETS, MemoryColumn
from fupin_policy.evaluators.wasm.plan import Plan
from fupin_policy.evaluators.wasm.relevance import SETTLED
from fupin_policy.evaluators.wasm.shape import ProgramShape
from fupin_policy.evaluators.wasm.versions import CompiledDefinition, Steps

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


def wanted(program: Program) -> list[DefinitionId]:
    """The definitions whose values are outputs, and those in which it is looked for what keeps these open."""
    return program.with_left_open(output.definition for output in program.outputs)


@dataclass(frozen=True, slots=True)
class Function:
    """A function's text, and the bytes of scratch that it takes for each member."""

    text: str
    scratch: int


def write_function(shape: ProgramShape, name: str, *, exact: bool = False, traced: int | None = None) -> Function:
    """The function that works out all definitions.

    With `exact` it takes every fact to be known, and works out one end; with `traced` it looks at the one household
    asked about, and leaves a byte for each node, from that address on.
    """
    writer = _Writer(shape, shape.plan, exact, traced)
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


def _branches(chosen: str, blocks: Mapping[int, Sequence[str]]) -> list[str]:
    """Of blocks by number the one that was chosen, if it is there."""
    some = {at: lines for at, lines in blocks.items() if lines}
    if not some:
        return []
    if len(some) == 1:
        ((at, lines),) = some.items()
        return [f"(if (i32.eq {chosen} {i32(at)}) (then", *lines, "))"]
    labels = [f"$version{at}" if at in some else "$end" for at in range(max(some) + 1)]
    jump = f"(br_table {' '.join(labels)} $end {chosen})"
    found = ["block $end", *(f"block $version{at}" for at in reversed(some)), jump]
    for at, lines in some.items():
        found += [f"end $version{at}", *lines, "br $end"]
    return [*found[:-1], "end $end"]


@dataclass(slots=True)
class _Writer:
    """Writes one function, phase by phase."""

    shape: ProgramShape
    plan: Plan
    exact: bool
    traced: int | None
    body: FunctionBody = field(default_factory=FunctionBody)
    pointers: dict[int, MemoryColumn] = field(default_factory=dict)
    scratch_used: int = 0
    definitions: dict[DefinitionId, CompiledDefinition] = field(init=False)
    _values: dict[DefinitionId, Val] = field(default_factory=dict)
    _member_values: dict[DefinitionId, Val] = field(default_factory=dict)
    _nodes: dict[int, Val] = field(default_factory=dict)
    _slots: dict[DefinitionId, Val] = field(default_factory=dict)
    _gathered: dict[Items, Gathered] = field(default_factory=dict)
    _left: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.definitions = {definition.id: definition for definition in self.plan.definitions}
        for name in ("years", "months"):
            self.body.outer.known[ops.packed(name, get("$as_of"))] = get(f"$as_of_{name}")

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
                self._gather(asked.node)
        return self.body.household, self.body.member

    def _gather(self, node: Items) -> None:
        """Gather the answer to a question about members, where a version asks it that holds."""
        owner, block = self.shape.owners[self.shape.graph.of_expr[id(node)]], VersionBlock()
        with self.body.within(None if owner is None else block):
            chosen = None if node.value is None else self.value(node.value)
            self._gathered[node] = gather(self.body, node.aggregate, self.value(node.where), chosen)
        if owner is not None:
            self._choose(owner[0], {owner[1]: block})

    def _define(self, definition: CompiledDefinition) -> Val:
        values = self._member_values if definition.level == "member" else self._values
        if definition.id not in values:
            with self.body.within(None):
                values[definition.id] = self._picked(definition)
        return values[definition.id]

    def _picked(self, definition: CompiledDefinition) -> Val:
        """The value of the version that holds."""
        if definition.pick is None:
            return self.value(definition.versions[0])
        blocks = [VersionBlock() for _ in definition.versions]
        found: list[Val] = []
        for block, expr in zip(blocks, definition.versions, strict=True):
            with self.body.within(block):
                found.append(self.value(expr))
        value = found[0] if len(found) == 1 else self._merged(definition, blocks, found)
        self._choose(definition.pick, dict(enumerate(blocks)))
        if len(found) > 1:
            self._leave(self.shape.graph.of_definition[definition.id], definition.type, value)
        return value

    def _merged(self, definition: CompiledDefinition, blocks: Sequence[VersionBlock], found: Sequence[Val]) -> Val:
        """One value made of those of all versions, each of which sets it."""
        kind, of_member = machine(definition.type), definition.level == "member"
        single = all(one.low == one.high for one in found)
        ends = [self.body.fresh("m" if of_member else "h", kind) for _ in range(1 if single else 2)]
        for block, one in zip(blocks, found, strict=True):
            lines = block.member if of_member else block.household
            lines += [f"(local.set {end} {given})" for end, given in zip(ends, (one.low, one.high), strict=False)]
        return Val(get(ends[0]), get(ends[-1]), all(one.exact for one in found))

    def _choose(self, pick: Steps, blocks: Mapping[int, VersionBlock]) -> None:
        """Carry out what belongs to the version that was picked."""
        chosen = op("i32.load", i32(self.shape.graph.words.addresses[pick]))
        self.body.household.extend(_branches(chosen, {at: one.household for at, one in blocks.items()}))
        self.body.member.extend(_branches(chosen, {at: one.member for at, one in blocks.items()}))

    def _output(self, definition: CompiledDefinition, value: Val) -> None:
        lines = self.body.member if definition.level == "member" else self.body.household
        ends = (value.low, value.high)
        for column, end in zip(self.shape.layout.outputs.get(definition.id, ()), ends, strict=False):
            lines.append(op(_STORES[column.storage], self._address(column), end))

    def _keep(self, definition: CompiledDefinition, value: Val) -> None:
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
        """The operands of an expression. What no single version owns is worked out outside of the one being written."""
        if isinstance(expr, Ref):
            return self._ref(expr.definition)
        number = self.shape.graph.of_expr[id(expr)]
        if number not in self._nodes:
            with self.body.within(self.body.inner if self.shape.owners[number] else None):
                self._nodes[number] = self._value(expr)
                self._leave(number, expr.type, self._nodes[number])
        return self._nodes[number]

    def _leave(self, number: int, type_: Type, found: Val) -> None:
        """Leave a node's byte: a truth's bits, else whether there is but one value."""
        node = self.shape.graph.nodes[number]
        if self.traced is None or node.kind == SETTLED or number in self._left:
            return
        self._left.add(number)
        index = op("i32.sub", get("$mi"), get("$first")) if node.varies else i32(0)
        lines = self.body.member if node.varies else self.body.household
        lines.append(f"(i32.store8 offset={self.traced + node.offset} {index} {ops.openness(type_, found)})")

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
            case Items():
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
            case Parameter(name, key, type_):
                return self._dated(self.shape.values[name, key], type_)
            case Ref():
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

    def _ask(self, node: Items) -> Val:
        default = None if node.default is None else self.value(node.default)
        return settle(self.body, node.aggregate, self._gathered[node], default)

    def _dated(self, steps: Steps, type_: Type) -> Val:
        """A number that was picked by date."""
        kind, address = machine(type_), self.shape.graph.words.addresses[steps]
        found = self.body.let(kind, op(f"{kind}.load", i32(address)))
        return Val(found, found, True)
