"""`decisions.missing` in WAT: which inputs keep a policy or a figure open, for one household of those in memory.

In: a module's definitions. Out: a `Graph` of their nodes as data, and functions that walk it. Called by `module`.
The traced function leaves a byte for each node: a truth's two bits, else 3 for one value and 2 for several. The walk
goes from the roots of a policy or figure down through what is open, as the interpreter's traces are followed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from struct import pack

from fupin_policy.core import possible
from fupin_policy.core.expressions import (
    AsOf,
    Cases,
    Const,
    Expr,
    Fact,
    Gather,
    Items,
    Never,
    Parameter,
    Ref,
    Unknown,
    children,
)
from fupin_policy.core.identifiers import DefinitionId, InputId, ParameterNeed
from fupin_policy.core.program import Program
from fupin_policy.core.types import Truth
from fupin_policy.evaluators.wasm.body import i32
from fupin_policy.evaluators.wasm.dating import DatedWords
from fupin_policy.evaluators.wasm.layout import ASKED, MEMBER, NEEDS, OFFSETS
from fupin_policy.evaluators.wasm.lookup import Lookup
from fupin_policy.evaluators.wasm.needs import NeedsLayout
from fupin_policy.evaluators.wasm.nests import HOUSEHOLD, OF_MEMBERS, Nest, Nests, joined
from fupin_policy.evaluators.wasm.versions import CompiledDefinition

LEAF, PLAIN, CASES, MEMBERS, DATED, ROWS, SETTLED, OUTER = range(8)
"""What to do at an open node: name an input, look at all parts, at a choice's parts that count, at members or items, at
the version that holds, at rows; nothing; at what is told of the first of a pair. Rows are written as choices, one of
each row, and one of the default where no row surely fits."""

NOTHING = -1 - possible.TRUE
"""Stands for a part that is always settled, in place of a node: the bits of a truth are `-1 - it`."""


@dataclass(frozen=True, slots=True)
class RelevanceNode:
    """A distinct expression. `offset` is that of its byte; of the first of several where it stands in loops."""

    kind: int
    nest: Nest
    offset: int
    parts: tuple[int, ...]
    """Numbers of other nodes; a leaf's input among the needs; before versions the address of which one holds."""
    inside: Nest = HOUSEHOLD
    """The loops of a question about members or items."""

    @property
    def in_loops(self) -> bool:
        """Whether it has a byte for each member or item."""
        return self.nest.depth > 0


@dataclass  # without slots, for the cached property
class Graph:
    """The distinct expressions of a module, parts before wholes, by number."""

    program: Program
    nests: Nests
    lookups: Mapping[int, Lookup]
    words: DatedWords
    nodes: list[RelevanceNode] = field(default_factory=list)
    of_expr: dict[int, int] = field(default_factory=dict)
    """By the identity of an expression."""
    of_definition: dict[DefinitionId, int] = field(default_factory=dict)
    size: int = 0
    """Bytes that the nodes leave for one household."""
    _known: dict[tuple[object, ...], int] = field(default_factory=dict)

    def add(self, definition: CompiledDefinition) -> None:
        """Number what stands in a definition; those that it rests on must have been added."""
        numbers = tuple(map(self._number, definition.versions))
        own = self.of_definition.get(definition.id.left_open)
        for number in numbers:
            # what may be any of several options: why it is open stands in what it says itself
            if own is not None and self.nodes[number].kind == CASES:
                self.nodes[number] = replace(self.nodes[number], kind=PLAIN, parts=(own,))
        if len(numbers) > 1 and definition.pick is not None:
            parts = (self.words.addresses[definition.pick], *numbers)
            self.of_definition[definition.id] = len(self.nodes)
            self.nodes.append(self._placed(DATED, self.nests.of_level(definition.level), parts))
        else:
            self.of_definition[definition.id] = numbers[0]

    def _number(self, expr: Expr) -> int:
        if isinstance(expr, Ref) and not expr.outer:
            return self.of_definition[expr.definition]
        found = self.of_expr.get(id(expr))
        if found is None:
            lookup = self.lookups.get(id(expr))
            parts = tuple(map(self._number, (lookup.arg,) if lookup else children(expr)))
            if isinstance(expr, Ref):
                parts = (self.of_definition[expr.definition],)
            found = self.of_expr[id(expr)] = self._distinct(expr, lookup, parts)
        return found

    def _distinct(self, expr: Expr, lookup: Lookup | None, parts: tuple[int, ...]) -> int:
        key = (type(expr), lookup or _own(expr), parts)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = len(self.nodes)
            # a lookup's rows are constants: what keeps it open is the number that it is by
            node = self._placed(PLAIN, self._vary(parts), parts) if lookup else self._node(expr, parts)
            self.nodes.append(node)
        return found

    def _node(self, expr: Expr, parts: tuple[int, ...]) -> RelevanceNode:
        match expr:
            case Const(value, Truth()):
                return RelevanceNode(SETTLED, HOUSEHOLD, -1 - value, ())
            case Const() | Parameter() | Never() | AsOf():
                return RelevanceNode(SETTLED, HOUSEHOLD, NOTHING, ())
            case Fact(name, level):
                return self._placed(LEAF, self.nests.of_level(level, expr.outer), (self.needs[name],))
            case Ref(_, level):
                return self._placed(OUTER, self.nests.of_level(level, True), parts)
            case Unknown(parameter):
                return self._placed(LEAF, HOUSEHOLD, (self.needs[ParameterNeed(parameter)],))
            case Items(_, _, value, default):
                where, rest = parts[0], list(parts[1:])
                chosen = rest.pop(0) if value is not None else -1
                found = (where, chosen, rest.pop(0) if default is not None else -1)
                inside = self.nests.of_level(expr.list, expr.paired)
                return replace(self._placed(MEMBERS, self.nests.asked(expr), found), inside=inside)
            case Gather():
                return self._placed(ROWS, self._vary(parts), parts)
            case Cases():
                return self._placed(CASES, self._vary(parts), parts)
            case _:
                return self._placed(PLAIN, self._vary(parts), parts)

    def _placed(self, kind: int, nest: Nest, parts: tuple[int, ...]) -> RelevanceNode:
        node = RelevanceNode(kind, nest, self.size, parts)
        self.size += self.nests.size(nest)
        return node

    def _vary(self, parts: tuple[int, ...]) -> Nest:
        return joined([self.nodes[part].nest for part in parts])

    @cached_property
    def needs(self) -> Mapping[InputId | ParameterNeed, int]:
        """The places of the household's inputs, of the parameters, then of the first member's and of first items'."""
        found = NeedsLayout.of(self.program)
        places = {name: at for at, name in enumerate((*found.household, *found.member))}
        return places | {name: one.start + at for one in found.items for at, name in enumerate(one.inputs)}

    @property
    def is_plain(self) -> bool:
        """Whether values differ by the member only."""
        return all(node.nest.depth == 0 or node.nest == OF_MEMBERS for node in self.nodes)


def _own(expr: Expr) -> tuple[object, ...]:
    """What a node says itself, without its parts and its place in a text."""
    values = (getattr(expr, one.name) for one in fields(expr) if one.compare)
    return tuple(value for value in values if type(value) is not tuple and not isinstance(value, Expr))


@dataclass(frozen=True, slots=True)
class Tables:
    """The graph as data in memory: records from `start` on, the policies' roots, then bytes to be left, up to `end`.

    A record is a word of kind, varying and number of parts, the byte's offset, the parts; wholes stand before parts.
    """

    data: bytes
    start: int
    roots: int
    trace: int
    marks: int
    end: int


def tables_of(graph: Graph, start: int) -> Tables:
    """The tables of a graph, at an address."""
    words: list[int] = []
    addresses: dict[int, int] = {}
    for number in range(len(graph.nodes) - 1, -1, -1):
        node = graph.nodes[number]
        if node.kind != SETTLED:
            addresses[number] = start + 4 * len(words)
            for kind, parts in _records(graph, node):
                words += [kind | node.in_loops << 3 | len(parts) << 4, node.offset, *parts]
    roots = start + 4 * len(words)
    for asked in graph.program.questions:
        both = [graph.of_definition[output.definition] for output in asked]
        first = min(addresses.get(number, roots) for number in both)
        amount = _part(graph, both[1]) if len(both) > 1 else NOTHING
        words += [_part(graph, both[0]), amount, first, int(asked[0].level == "member")]
    trace = start + 4 * len(words)
    marks = trace + graph.size
    return Tables(pack(f"<{len(words)}i", *words), start, roots, trace, marks, (marks + graph.size + 7) // 8 * 8)


def _records(graph: Graph, node: RelevanceNode) -> list[tuple[int, tuple[int, ...]]]:
    return [(LEAF, node.parts)] if node.kind == LEAF else records_of(node, lambda number: _part(graph, number))


def records_of(node: RelevanceNode, part: Callable[[int], int]) -> list[tuple[int, tuple[int, ...]]]:
    """A node's records, each a kind with its parts as words; all of one node are visited where it is open."""
    if node.kind == DATED:
        return [(DATED, (node.parts[0], *map(part, node.parts[1:])))]
    parts = tuple(map(part, node.parts))
    if node.kind != ROWS:
        return [(node.kind, parts)]
    tests, values = parts[:-1:2], parts[1:-1:2]
    rows = [(CASES, (test, value, NOTHING)) for test, value in zip(tests, values, strict=True)]
    return [*rows, (CASES, (*(one for test in tests for one in (test, NOTHING)), parts[-1]))]


def _part(graph: Graph, number: int) -> int:
    """A node as a word: its byte's offset, and whether that varies; or that it is settled."""
    if number < 0:
        return NOTHING
    node = graph.nodes[number]
    return node.offset if node.kind == SETTLED else node.offset << 1 | node.in_loops


def data_text(start: int, data: bytes) -> str:
    """Bytes that stand in memory from the beginning, as WAT."""
    return f'(data {i32(start)} "{"".join(f"{chr(92)}{byte:02x}" for byte in data)}")'


def walk_text(graph: Graph, tables: Tables) -> str:
    """The functions that walk the graph, as WAT."""
    needs = NeedsLayout.of(graph.program)
    return _WALK.format(
        trace=tables.trace,
        marks=tables.marks,
        size=graph.size,
        roots=tables.roots,
        questions=len(graph.program.questions),
        whole=len(graph.program.questions) * needs.stride,
        stride=needs.stride,
        own=len(needs.household),
        inner=len(needs.member),
        asked=ASKED,
        member=MEMBER,
        needs=NEEDS,
        offsets=OFFSETS,
    )


_WALK = """
(func $look (param $part i32) (param $member i32) (result i32)
  ;; the byte left for a part
  (if (result i32) (i32.lt_s (local.get $part) (i32.const 0))
    (then (i32.sub (i32.const -1) (local.get $part)))
    (else (i32.load8_u offset={trace} (i32.add
      (i32.shr_u (local.get $part) (i32.const 1))
      (select (local.get $member) (i32.const 0) (i32.and (local.get $part) (i32.const 1))))))))

(func $mark (param $part i32) (param $member i32)
  (if (i32.ge_s (local.get $part) (i32.const 0)) (then
    (i32.store8 offset={marks} (i32.add
      (i32.shr_u (local.get $part) (i32.const 1))
      (select (local.get $member) (i32.const 0) (i32.and (local.get $part) (i32.const 1))))
      (i32.const 1)))))

(func $start (param $part i32) (param $member i32) (result i32)
  ;; mark an open root; whether it is open
  (if (i32.ne (call $look (local.get $part) (local.get $member)) (i32.const 2)) (then (return (i32.const 0))))
  (call $mark (local.get $part) (local.get $member))
  (i32.const 1))

(func $mark_choice (param $at i32) (param $end i32) (param $member i32)
  ;; tests up to the first that surely holds, with the values of those that may hold
  (local $bits i32)
  (loop $next
    (if (i32.ge_u (i32.add (local.get $at) (i32.const 4)) (local.get $end)) (then
      (call $mark (i32.load (local.get $at)) (local.get $member)) (return)))
    (call $mark (i32.load (local.get $at)) (local.get $member))
    (local.set $bits (call $look (i32.load (local.get $at)) (local.get $member)))
    (if (local.get $bits) (then
      (call $mark (i32.load offset=4 (local.get $at)) (local.get $member))))
    (if (i32.eq (local.get $bits) (i32.const 3)) (then (return)))
    (local.set $at (i32.add (local.get $at) (i32.const 8)))
    (br $next)))

(func $mark_members (param $at i32) (param $members i32)
  ;; every test, the values of those who may be chosen, and the default unless somebody surely is
  (local $member i32) (local $bits i32) (local $sure i32)
  (block $done (loop $next
    (br_if $done (i32.ge_u (local.get $member) (local.get $members)))
    (call $mark (i32.load (local.get $at)) (local.get $member))
    (local.set $bits (call $look (i32.load (local.get $at)) (local.get $member)))
    (if (local.get $bits) (then
      (call $mark (i32.load offset=4 (local.get $at)) (local.get $member))))
    (local.set $sure (i32.or (local.get $sure) (i32.eq (local.get $bits) (i32.const 3))))
    (local.set $member (i32.add (local.get $member) (i32.const 1)))
    (br $next)))
  (if (i32.eqz (local.get $sure)) (then
    (call $mark (i32.load offset=8 (local.get $at)) (i32.const 0)))))

(func $visit (param $record i32) (param $member i32) (param $members i32) (param $row i32)
  (local $word i32) (local $kind i32) (local $end i32) (local $at i32)
  (local.set $word (i32.load (local.get $record)))
  (local.set $kind (i32.and (local.get $word) (i32.const 7)))
  (local.set $at (i32.add (local.get $record) (i32.const 8)))
  (local.set $end (i32.add (local.get $at)
    (i32.shl (i32.shr_u (local.get $word) (i32.const 4)) (i32.const 2))))
  (if (i32.eqz (local.get $kind)) (then
    (i32.store8
      (i32.add (local.get $row) (i32.add (i32.load (local.get $at))
        (i32.mul (local.get $member) (i32.const {inner}))))
      (i32.const 1))
    (return)))
  (if (i32.eq (local.get $kind) (i32.const 2)) (then
    (call $mark_choice (local.get $at) (local.get $end) (local.get $member)) (return)))
  (if (i32.eq (local.get $kind) (i32.const 3)) (then
    (call $mark_members (local.get $at) (local.get $members)) (return)))
  (if (i32.eq (local.get $kind) (i32.const 4)) (then
    (call $mark
      (i32.load offset=4 (i32.add (local.get $at) (i32.shl (i32.load (i32.load (local.get $at))) (i32.const 2))))
      (local.get $member))
    (return)))
  (block $done (loop $next
    (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
    (call $mark (i32.load (local.get $at)) (local.get $member))
    (local.set $at (i32.add (local.get $at) (i32.const 4)))
    (br $next))))

(func $walk (param $record i32) (param $members i32) (param $row i32)
  ;; all marked nodes from a record on; marks only ever go to later records
  (local $word i32) (local $offset i32) (local $count i32) (local $member i32)
  (block $done (loop $next
    (br_if $done (i32.ge_u (local.get $record) (i32.const {roots})))
    (local.set $word (i32.load (local.get $record)))
    (local.set $offset (i32.load offset=4 (local.get $record)))
    (local.set $count (select (local.get $members) (i32.const 1)
      (i32.and (local.get $word) (i32.const 8))))
    (local.set $member (i32.const 0))
    (block $all (loop $each
      (br_if $all (i32.ge_u (local.get $member) (local.get $count)))
      (if (i32.load8_u offset={marks} (i32.add (local.get $offset) (local.get $member))) (then
        (if (i32.eq (i32.load8_u offset={trace} (i32.add (local.get $offset) (local.get $member))) (i32.const 2))
          (then (call $visit (local.get $record) (local.get $member) (local.get $members) (local.get $row))))))
      (local.set $member (i32.add (local.get $member) (i32.const 1)))
      (br $each)))
    (local.set $record (i32.add (local.get $record)
      (i32.add (i32.const 8) (i32.shl (i32.shr_u (local.get $word) (i32.const 4)) (i32.const 2)))))
    (br $next))))

(func $needs
  (local $roots i32) (local $question i32) (local $row i32) (local $members i32) (local $subjects i32)
  (local $subject i32) (local $here i32) (local $open i32) (local $only i32)
  (local.set $here (i32.add (i32.load (i32.const {offsets}))
    (i32.shl (i32.load (i32.const {asked})) (i32.const 2))))
  (local.set $members (i32.sub (i32.load offset=4 (local.get $here)) (i32.load (local.get $here))))
  (local.set $only (i32.load (i32.const {member})))
  (if (i32.gt_u (local.get $only) (local.get $members)) (then unreachable))
  (local.set $row (i32.load (i32.const {needs})))
  (local.set $roots (i32.const {roots}))
  (memory.fill (local.get $row) (i32.const 0) (i32.const {whole}))
  (block $done (loop $next
    (br_if $done (i32.ge_u (local.get $question) (i32.const {questions})))
    (memory.fill (i32.const {marks}) (i32.const 0) (i32.const {size}))
    (local.set $subjects (select (local.get $members) (i32.const 1) (i32.load offset=12 (local.get $roots))))
    (local.set $subject (i32.const 0))
    (if (i32.and (i32.ne (local.get $only) (i32.const 0)) (i32.load offset=12 (local.get $roots))) (then
      (local.set $subjects (local.get $only))
      (local.set $subject (i32.sub (local.get $only) (i32.const 1)))))
    (local.set $open (i32.const 0))
    (block $all (loop $each
      (br_if $all (i32.ge_u (local.get $subject) (local.get $subjects)))
      (if (call $start (i32.load (local.get $roots)) (local.get $subject)) (then (local.set $open (i32.const 1))))
      (if (call $start (i32.load offset=4 (local.get $roots)) (local.get $subject))
        (then (local.set $open (i32.const 1))))
      (local.set $subject (i32.add (local.get $subject) (i32.const 1)))
      (br $each)))
    (if (local.get $open) (then
      (call $walk (i32.load offset=8 (local.get $roots)) (local.get $members) (local.get $row))))
    (local.set $roots (i32.add (local.get $roots) (i32.const 16)))
    (local.set $row (i32.add (local.get $row) (i32.const {stride})))
    (local.set $question (i32.add (local.get $question) (i32.const 1)))
    (br $next))))
"""
