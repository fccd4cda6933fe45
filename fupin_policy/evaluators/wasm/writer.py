"""The expressions of a module's function: operands for each, in the loops and versions to which they belong.

In: a program's shape. Out: statements by stage and nest of loops. Called by `function`.
What several versions have in common is worked out outside of them, once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never, cast

from fupin_policy.core import possible
from fupin_policy.core.expressions import (
    Add,
    Aggregate,
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
from fupin_policy.core.types import Code, Type
from fupin_policy.evaluators.wasm import operators as ops
from fupin_policy.evaluators.wasm.aggregates import Gathered, gather, of_rows, settle
from fupin_policy.evaluators.wasm.body import (
    PREFIXES,
    FunctionBody,
    Machine,
    Val,
    VersionBlock,
    branches,
    depth_of,
    get,
    i32,
    machine,
    op,
)
from fupin_policy.evaluators.wasm.kept_values import KeptGathered, KeptValue, ScratchArray
from fupin_policy.evaluators.wasm.layout import ListColumns, MemoryColumn
from fupin_policy.evaluators.wasm.nests import HOUSEHOLD, Nest, entry, further_entry, in_order, weight
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

Stage = tuple[list[str], list[tuple[Nest, tuple[list[str], ...], list[str]]]]
"""A household's statements, then for each nest of loops those by depth, and what follows the innermost loop."""


def pointer_of(column: MemoryColumn) -> str:
    """The local that holds where a column stands."""
    return f"$p{column.pointer}"


@dataclass(slots=True)
class FunctionWriter:
    """Writes one function, phase by phase."""

    shape: ProgramShape
    plan: Plan
    exact: bool
    traced: int | None
    body: FunctionBody = field(default_factory=FunctionBody)
    pointers: dict[int, MemoryColumn] = field(default_factory=dict)
    scratch_used: int = 0
    nests_used: list[Nest] = field(default_factory=list)
    further_entries: dict[str, ListColumns] = field(default_factory=dict)
    """The lists in which there may be further items, by the local that holds where these stand."""
    definitions: dict[DefinitionId, CompiledDefinition] = field(init=False)
    _nest: Nest = HOUSEHOLD
    _blocks: dict[Nest, VersionBlock] = field(default_factory=dict)
    _after: dict[Nest, list[str]] = field(default_factory=dict)
    _values: dict[tuple[Nest, DefinitionId], Val] = field(default_factory=dict)
    _nodes: dict[tuple[Nest, int], Val] = field(default_factory=dict)
    _slots: dict[DefinitionId, KeptValue] = field(default_factory=dict)
    _gathered: dict[Items, Gathered | KeptGathered] = field(default_factory=dict)
    _left: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.definitions = {definition.id: definition for definition in self.plan.definitions}
        for name in ("years", "months"):
            self.body.outer.known[0][ops.packed(name, get("$as_of"))] = get(f"$as_of_{name}")

    def phase(self, stage: int) -> Stage:
        """A stage's statements: the household's, and those of the loops after them."""
        self.body.next_phase()
        self._blocks, self._after = {HOUSEHOLD: self.body.outer}, {}
        self._nodes = {}
        self._values = {key: value for key, value in self._values.items() if key[0] == HOUSEHOLD}
        here = [d for d in self.plan.definitions if self.plan.stages[d.id] == stage]
        for definition in here:
            self._enter(self.shape.nests.of_level(definition.level))
            value = self._define(definition)
            self._output(definition, value)
            if definition.id in self.plan.kept:
                self._keep(definition, value)
        for asked in self.plan.asked.values():
            if asked.loop == stage:
                self._enter(self.shape.nests.of_level(asked.node.list, asked.node.paired))
                self._gather(asked.node)
        nests = sorted((nest for nest in self._blocks if nest.depth), key=in_order)
        inner = [(nest, self._blocks[nest].lines, self._after.get(nest, [])) for nest in nests]
        return self._blocks[HOUSEHOLD].lines[0], inner

    def _enter(self, nest: Nest) -> None:
        """Write what stands in some loops."""
        if nest not in self._blocks:
            self._blocks[nest] = self.body.other_loops()
            if nest not in self.nests_used:
                self.nests_used.append(nest)
                self._look_at_lists(nest)
        self._nest, self.body.outer, self.body.depth = nest, self._blocks[nest], nest.depth

    def _look_at_lists(self, nest: Nest) -> None:
        for listed in (self.shape.nests.columns[level] for level in nest.loops if level != "member"):
            self.pointers[listed.offsets.pointer] = listed.offsets
            if not self.exact:
                self.pointers[listed.more.pointer] = listed.more
                self.further_entries[further_entry(listed)] = listed

    def _gather(self, node: Items) -> None:
        """Gather the answer to a question about members or items, where a version asks it that holds."""
        owner, block = self.shape.owners[self.shape.graph.of_expr[id(node)]], VersionBlock()
        with self.body.within(None if owner is None else block):
            chosen = None if node.value is None else self.value(node.value)
            where, times = self.value(node.where), ""
            if not self.exact and self._nest.loops[-1] != "member":
                bits, times = weight(self._nest)
                test = self.body.let("i32", op("i32.and", where.low, bits))
                where = Val(test, test, False)
            found = gather(self.body, node.aggregate, where, chosen, times)
        if owner is not None:
            self._choose(owner[0], {owner[1]: block})
        own = self.shape.nests.asked(node)
        self._gathered[node] = found if own == HOUSEHOLD else self._keep_gathered(node, own, found)

    def _keep_gathered(self, node: Items, own: Nest, found: Gathered) -> KeptGathered:
        """Leave what an inner loop gathered in the scratch area, for its owner or the item compared."""
        kept: dict[str, ScratchArray] = {}
        for end in (found.low, found.high, found.surely_any, found.if_sure):
            if end.startswith("(local.get $a") and end not in kept:
                kind: Machine = "i32" if node.aggregate is Aggregate.ANY or end == found.surely_any else "i64"
                kept[end] = ScratchArray(kind, self._room(kind, own), own)
                where = self._slot(kept[end], outer=node.paired)
                self._after.setdefault(self._nest, []).append(f"({kind}.store {where} {end})")
        return KeptGathered(found, kept)

    def _define(self, definition: CompiledDefinition) -> Val:
        key = (self.shape.nests.of_level(definition.level), definition.id)
        if key not in self._values:
            with self.body.within(None):
                self._values[key] = self._picked(definition)
        return self._values[key]

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
        kind, depth = machine(definition.type), self.shape.nests.of_level(definition.level).depth
        single = all(one.low == one.high for one in found)
        ends = [self.body.fresh(PREFIXES[depth], kind) for _ in range(1 if single else 2)]
        for block, one in zip(blocks, found, strict=True):
            block.lines[depth].extend(
                [f"(local.set {end} {given})" for end, given in zip(ends, (one.low, one.high), strict=False)]
            )
        return Val(get(ends[0]), get(ends[-1]), all(one.exact for one in found))

    def _choose(self, pick: Steps, blocks: Mapping[int, VersionBlock]) -> None:
        """Carry out what belongs to the version that was picked."""
        chosen = op("i32.load", i32(self.shape.graph.words.addresses[pick]))
        for depth, lines in enumerate(self.body.lines):
            lines.extend(branches(chosen, {at: one.lines[depth] for at, one in blocks.items()}))

    def _output(self, definition: CompiledDefinition, value: Val) -> None:
        lines = self.body.lines[self._nest.depth]
        ends = (value.low, value.high)
        for column, end in zip(self.shape.layout.outputs.get(definition.id, ()), ends, strict=False):
            lines.append(op(_STORES[column.storage], self._address(column), end))

    def _keep(self, definition: CompiledDefinition, value: Val) -> None:
        """Leave a member's or item's value in the scratch area; what is the same for all stays in its local."""
        kind, nest = machine(definition.type), self._nest
        kept: dict[str, str | ScratchArray] = {}
        for end in (value.low, value.high):
            if depth_of(end) == 0:
                kept[end] = end
            elif end not in kept:
                kept[end] = slot = ScratchArray(kind, self._room(kind, nest), nest)
                self.body.lines[nest.depth].append(f"({kind}.store {self._slot(slot)} {end})")
        self._slots[definition.id] = KeptValue(kept[value.low], kept[value.high], value.exact)

    def _room(self, kind: Machine, nest: Nest) -> int:
        """Where a new scratch array stands, with an entry for each turn of loops."""
        start = self.shape.scratch + self.scratch_used
        self.scratch_used += (4 if kind == "i32" else 8) * self.shape.nests.size(nest)
        return start

    def _slot(self, kept: ScratchArray, outer: bool = False) -> str:
        """The address of a scratch array's entry for what is looked at."""
        index = self._index(kept.nest, outer)
        return f"offset={kept.start} {op('i32.shl', index, i32(2 if kept.kind == 'i32' else 3))}"

    def _index(self, nest: Nest, outer: bool = False) -> str:
        index = self.shape.nests.index(nest, self._nest.places(nest, outer), self._nest)
        return index if nest.depth == 1 else self.body.let("i32", index)

    def _load(self, kept: str | ScratchArray, outer: bool) -> str:
        if isinstance(kept, str):
            return kept
        return self.body.let(kept.kind, f"({kept.kind}.load {self._slot(kept, outer)})")

    def _address(self, column: MemoryColumn, outer: bool = False) -> str:
        self.pointers[column.pointer] = column
        nest = self.shape.nests.of_level(column.level)
        index = get("$row")
        if nest.depth:
            index = entry(self._nest, self._nest.places(nest, outer)[-1], self.exact)
        shift = _SHIFTS[column.size]
        return op("i32.add", get(pointer_of(column)), op("i32.shl", index, i32(shift)) if shift else index)

    def value(self, expr: Expr) -> Val:
        """The operands of an expression. What no single version owns is worked out outside of the one being written."""
        if isinstance(expr, Ref):
            found = self._ref(expr.definition, expr.outer)
            if expr.outer:
                self._leave(self.shape.graph.of_expr[id(expr)], expr.type, found)
            return found
        number = self.shape.graph.of_expr[id(expr)]
        own = self.shape.graph.nodes[number].nest
        # what is the same for the whole household is worked out once
        key = (self._nest if own.depth else HOUSEHOLD, number)
        if key not in self._nodes:
            with self.body.within(self.body.inner if self.shape.owners[number] else None):
                self._nodes[key] = self._value(expr)
                self._leave(number, expr.type, self._nodes[key])
        return self._nodes[key]

    def _leave(self, number: int, type_: Type, found: Val) -> None:
        """Leave a node's byte: a truth's bits, else whether there is but one value."""
        node = self.shape.graph.nodes[number]
        if self.traced is None or node.kind == SETTLED or number in self._left:
            return
        self._left.add(number)
        depth, index = 0, i32(0)
        if node.nest.depth:
            depth, index = self._nest.places(node.nest)[-1], self._index(node.nest)
        self.body.lines[depth].append(
            f"(i32.store8 offset={self.traced + node.offset} {index} {ops.openness(type_, found)})"
        )

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
                return self._fact(name, type_, expr.outer)
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

    def _fact(self, name: InputId, type_: Type, outer: bool) -> Val:
        declared, columns = self.shape.inputs[name]
        # of a further item nothing is known
        exact = self.exact or (declared.required and columns[0].level not in self.shape.nests.columns)
        read = columns[:1] if exact else columns
        kind = machine(type_)
        ends = [self.body.let(kind, op(_LOADS[column.storage], self._address(column, outer))) for column in read]
        return Val(ends[0], ends[-1], exact)

    def _ref(self, name: DefinitionId, outer: bool) -> Val:
        definition = self.definitions[name]
        nest = self.shape.nests.of_level(definition.level)
        known = nest == self._nest and (name not in self._slots or (nest, name) in self._values)
        if nest == HOUSEHOLD or known:
            return self._define(definition)
        kept = self._slots[name]
        return Val(self._load(kept.low, outer), self._load(kept.high, outer), kept.exact)

    def _ask(self, node: Items) -> Val:
        default, found = None if node.default is None else self.value(node.default), self._gathered[node]
        if isinstance(found, KeptGathered):
            ends = {end: self._load(kept, False) for end, kept in found.kept.items()}
            low, high, some, if_sure = (ends.get(end, end) for end in found.ends)
            found = Gathered(low, high, found.of.exact, some, if_sure)
        return settle(self.body, node.aggregate, found, default)

    def _dated(self, steps: Steps, type_: Type) -> Val:
        """A number that was picked by date."""
        kind, address = machine(type_), self.shape.graph.words.addresses[steps]
        found = self.body.let(kind, op(f"{kind}.load", i32(address)))
        return Val(found, found, True)
