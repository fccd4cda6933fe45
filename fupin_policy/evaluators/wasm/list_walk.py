"""The walk of `relevance` for programs that ask about lists or pairs, in which values differ by more than the member.

In: a `Graph`. Out: its tables as data, and functions as WAT. Called by `module`.
What is looked at is a member (`$m`), the first item of a pair (`$o`, of members too) and an item (`$n`), which stand in
globals; where they do not matter they are anything. An item's number beyond those known stands for all further ones.
"""

from __future__ import annotations

from struct import pack

from fupin_policy.core.expressions import Level
from fupin_policy.core.identifiers import InputId
from fupin_policy.evaluators.wasm.layout import ASKED, MEMBER, NEEDS, OFFSETS, Layout
from fupin_policy.evaluators.wasm.needs import NeedsLayout
from fupin_policy.evaluators.wasm.relevance import (
    LEAF,
    MEMBERS,
    NOTHING,
    OUTER,
    SETTLED,
    Graph,
    RelevanceNode,
    Tables,
    records_of,
)

_HEAD = 28
"""Bytes of a record before its parts: kind and number of parts, where its byte is for the first subject, how far on it
is for each next member, first item and item, whom it is of, whether it is marked."""
_LIST = 12
"""Bytes of a list's record: the pointers of its offsets and of `more`, whether members have it."""


def list_tables(graph: Graph, layout: Layout, start: int) -> Tables:
    """The tables of a graph, at an address: the lists, the nodes, the roots."""
    lists = [(one.offsets.pointer, one.more.pointer, int(one.declared.of == "member")) for one in layout.lists]
    words = [word for one in lists for word in one]
    first = start + 4 * len(words)
    addresses, at = dict[int, int](), first
    nodes = [(number, graph.nodes[number]) for number in range(len(graph.nodes) - 1, -1, -1)]
    written = [(number, node) for number, node in nodes if node.kind != SETTLED]
    writer = _RecordWriter(graph, NeedsLayout.of(graph.program), addresses)
    for number, node in written:
        addresses[number] = at
        at += sum(_HEAD + 4 * len(parts) for _, parts in writer.records(node))
    for _, node in written:
        for kind, parts in writer.records(node):
            words += [kind | len(parts) << 4, *writer.place(node), 0, *parts]
    roots = start + 4 * len(words)
    for asked in graph.program.questions:
        both = [graph.of_definition[output.definition] for output in asked]
        earliest = min(addresses.get(number, roots) for number in both)
        amount = writer.part(both[1]) if len(both) > 1 else NOTHING
        words += [writer.part(both[0]), amount, earliest, int(asked[0].level == "member")]
    trace = start + 4 * len(words)
    marks = trace + graph.size
    return Tables(pack(f"<{len(words)}i", *words), start, roots, trace, marks, (marks + graph.size + 7) // 8 * 8)


class _RecordWriter:
    """A graph's nodes as words. A part is the address of its record, or settled."""

    __slots__ = ("addresses", "graph", "names", "needs")

    def __init__(self, graph: Graph, needs: NeedsLayout, addresses: dict[int, int]) -> None:
        self.graph, self.needs, self.addresses = graph, needs, addresses
        self.names = [one.declared.name for one in needs.items]

    def part(self, number: int) -> int:
        """A node as a word; before addresses are known any that is not settled is 0."""
        if number < 0:
            return NOTHING
        node = self.graph.nodes[number]
        return node.offset if node.kind == SETTLED else self.addresses.get(number, 0)

    def place(self, node: RelevanceNode) -> tuple[int, int, int, int, int]:
        """Where a node's bytes are, and whom it is of: bit 0 members, bit 1 pairs, then the list's number from 1."""
        nest, nests = node.nest, self.graph.nests
        whom = int("member" in nest.loops) | nest.paired << 1
        if nest.depth == 0:
            return node.offset, 0, 0, 0, whom
        level = nest.loops[-1]
        if level == "member":
            return node.offset, 1, nests.most["member"] if nest.paired else 0, 0, whom
        most, listed = nests.most[level], 1 + self.names.index(level)
        of_member = (most * most if nest.paired else most) if nests.of_members[level] else 0
        return node.offset, of_member, most if nest.paired else 0, 1, whom | listed << 2

    def records(self, node: RelevanceNode) -> list[tuple[int, tuple[int, ...]]]:
        """A node's records, each a kind with its parts as words."""
        if node.kind == LEAF:
            return [(LEAF, self._leaf(node))]
        if node.kind == MEMBERS:
            return [(MEMBERS, (*map(self.part, node.parts), *self._inside(node)))]
        if node.kind == OUTER:
            return [(OUTER, (self.part(node.parts[0]), self._list(node.nest.loops[-1])))]
        return records_of(node, self.part)

    def _leaf(self, node: RelevanceNode) -> tuple[int, ...]:
        """Where a leaf's byte is among a question's, how far on for each member, first item and item; and, of an item's
        input, the list, whether the first of a pair is meant, and where it is asked which further items there are."""
        (at,), nest = node.parts, node.nest
        if nest.depth == 0:
            return (at, 0, 0, 0, 0, 0, 0, 0)
        level, inner = nest.loops[-1], len(self.needs.member)
        if level == "member":
            return (at, 0, inner, 0, 0, 0, 0, 0) if nest.paired else (at, inner, 0, 0, 0, 0, 0, 0)
        width = len(self.needs.items[self.names.index(level)].inputs)
        of_member = width * self.graph.nests.most[level] if self.graph.nests.of_members[level] else 0
        ends = (0, width) if not nest.paired else (width, 0)
        return (at, of_member, *ends, self._list(level), int(nest.paired), *self._which(level))

    def _which(self, level: Level) -> tuple[int, int]:
        """Where it is asked which items a list has, and how far on for each member."""
        if self.graph.nests.of_members[level]:
            at = len(self.needs.household) + self.needs.member.index(InputId(level))
            return at, len(self.needs.member)
        return self.needs.household.index(InputId(level)), 0

    def _inside(self, node: RelevanceNode) -> tuple[int, ...]:
        """Of a question about items the list, whether it is about pairs, and where it is asked which there are."""
        level = node.inside.loops[-1]
        return (self._list(level), int(node.inside.paired), *((0, 0) if level == "member" else self._which(level)))

    def _list(self, level: Level) -> int:
        return 0 if level == "member" else 1 + self.names.index(level)


def list_walk_text(graph: Graph, tables: Tables) -> str:
    """The functions that walk the graph, as WAT."""
    needs = NeedsLayout.of(graph.program)
    return _WALK.format(
        trace=tables.trace,
        marks=tables.marks,
        item_offsets=tables.start - _LIST,
        more=tables.start - _LIST + 4,
        of_members=tables.start - _LIST + 8,
        roots=tables.roots,
        questions=len(graph.program.questions),
        whole=len(graph.program.questions) * needs.stride,
        stride=needs.stride,
        asked=ASKED,
        member=MEMBER,
        needs=NEEDS,
        offsets=OFFSETS,
        head=_HEAD,
        list=_LIST,
    )


_WALK = """
(global $m (mut i32) (i32.const 0))
(global $o (mut i32) (i32.const 0))
(global $n (mut i32) (i32.const 0))
(global $members (mut i32) (i32.const 0))
(global $first (mut i32) (i32.const 0))
(global $row (mut i32) (i32.const 0))

(func $owner (param $list i32) (result i32)
  ;; the entry of the owner of a list (by number, from 1) that is looked at, in bytes
  (i32.shl
    (select (i32.add (global.get $first) (global.get $m)) (i32.load (i32.const {asked}))
      (i32.load offset={of_members} (i32.mul (local.get $list) (i32.const {list}))))
    (i32.const 2)))

(func $known (param $list i32) (result i32)
  ;; how many items there surely are
  (local $at i32)
  (local.set $at (i32.add (call $owner (local.get $list))
    (i32.load (i32.load offset={item_offsets} (i32.mul (local.get $list) (i32.const {list}))))))
  (i32.sub (i32.load offset=4 (local.get $at)) (i32.load (local.get $at))))

(func $further (param $list i32) (result i32)
  ;; whether there may be others
  (i32.ne (i32.const 0) (i32.load (i32.add (call $owner (local.get $list))
    (i32.load (i32.load offset={more} (i32.mul (local.get $list) (i32.const {list}))))))))

(func $place (param $part i32) (result i32)
  (i32.add
    (i32.add (i32.load offset=4 (local.get $part)) (i32.mul (global.get $m) (i32.load offset=8 (local.get $part))))
    (i32.add
      (i32.mul (global.get $o) (i32.load offset=12 (local.get $part)))
      (i32.mul (global.get $n) (i32.load offset=16 (local.get $part))))))

(func $look (param $part i32) (result i32)
  ;; the byte left for a part
  (if (result i32) (i32.lt_s (local.get $part) (i32.const 0))
    (then (i32.sub (i32.const -1) (local.get $part)))
    (else (i32.load8_u offset={trace} (call $place (local.get $part))))))

(func $mark (param $part i32)
  (if (i32.ge_s (local.get $part) (i32.const 0)) (then
    (i32.store offset=24 (local.get $part) (i32.const 1))
    (i32.store8 offset={marks} (call $place (local.get $part)) (i32.const 1)))))

(func $start (param $part i32) (result i32)
  ;; mark an open root; whether it is open
  (if (i32.ne (call $look (local.get $part)) (i32.const 2)) (then (return (i32.const 0))))
  (call $mark (local.get $part))
  (i32.const 1))

(func $mark_choice (param $at i32) (param $end i32)
  ;; tests up to the first that surely holds, with the values of those that may hold
  (local $bits i32)
  (loop $next
    (if (i32.ge_u (i32.add (local.get $at) (i32.const 4)) (local.get $end)) (then
      (call $mark (i32.load (local.get $at))) (return)))
    (call $mark (i32.load (local.get $at)))
    (local.set $bits (call $look (i32.load (local.get $at))))
    (if (local.get $bits) (then (call $mark (i32.load offset=4 (local.get $at)))))
    (if (i32.eq (local.get $bits) (i32.const 3)) (then (return)))
    (local.set $at (i32.add (local.get $at) (i32.const 8)))
    (br $next)))

(func $mark_items (param $at i32)
  ;; which items there are, every test, the values of those that may be chosen, the default unless one surely is
  (local $m i32) (local $o i32) (local $n i32) (local $list i32) (local $known i32) (local $count i32) (local $item i32)
  (local $bits i32) (local $sure i32)
  (local.set $m (global.get $m))
  (local.set $o (global.get $o))
  (local.set $n (global.get $n))
  (local.set $list (i32.load offset=12 (local.get $at)))
  (if (i32.load offset=16 (local.get $at)) (then
    (global.set $o (select (local.get $n) (local.get $m) (local.get $list)))))
  (local.set $known (global.get $members))
  (local.set $count (local.get $known))
  (if (local.get $list) (then
    (local.set $known (call $known (local.get $list)))
    (local.set $count (i32.add (local.get $known) (call $further (local.get $list))))
    (if (i32.ne (local.get $known) (local.get $count)) (then
      (i32.store8 (i32.add (global.get $row) (i32.add (i32.load offset=20 (local.get $at))
        (i32.mul (global.get $m) (i32.load offset=24 (local.get $at))))) (i32.const 1))))))
  (block $done (loop $next
    (br_if $done (i32.ge_u (local.get $item) (local.get $count)))
    (if (local.get $list) (then (global.set $n (local.get $item))) (else (global.set $m (local.get $item))))
    (call $mark (i32.load (local.get $at)))
    (local.set $bits (call $look (i32.load (local.get $at))))
    (if (local.get $bits) (then (call $mark (i32.load offset=4 (local.get $at)))))
    (local.set $sure (i32.or (local.get $sure) (i32.and
      (i32.eq (local.get $bits) (i32.const 3)) (i32.lt_u (local.get $item) (local.get $known)))))
    (local.set $item (i32.add (local.get $item) (i32.const 1)))
    (br $next)))
  (global.set $m (local.get $m))
  (global.set $o (local.get $o))
  (global.set $n (local.get $n))
  (if (i32.eqz (local.get $sure)) (then (call $mark (i32.load offset=8 (local.get $at))))))

(func $mark_outer (param $at i32)
  ;; what is told of the first of a pair
  (local $m i32) (local $n i32)
  (local.set $m (global.get $m))
  (local.set $n (global.get $n))
  (if (i32.load offset=4 (local.get $at))
    (then (global.set $n (global.get $o)))
    (else (global.set $m (global.get $o))))
  (call $mark (i32.load (local.get $at)))
  (global.set $m (local.get $m))
  (global.set $n (local.get $n)))

(func $name (param $at i32)
  ;; an input: its byte, or, of a further item, that of its list
  (local $list i32)
  (local.set $list (i32.load offset=16 (local.get $at)))
  (if (local.get $list) (then
    (if (i32.ge_u (select (global.get $o) (global.get $n) (i32.load offset=20 (local.get $at)))
        (call $known (local.get $list))) (then
      (i32.store8 (i32.add (global.get $row) (i32.add (i32.load offset=24 (local.get $at))
        (i32.mul (global.get $m) (i32.load offset=28 (local.get $at))))) (i32.const 1))
      (return)))))
  (i32.store8
    (i32.add (i32.add (global.get $row) (i32.load (local.get $at)))
      (i32.add
        (i32.mul (global.get $m) (i32.load offset=4 (local.get $at)))
        (i32.add
          (i32.mul (global.get $o) (i32.load offset=8 (local.get $at)))
          (i32.mul (global.get $n) (i32.load offset=12 (local.get $at))))))
    (i32.const 1)))

(func $visit (param $record i32)
  (local $word i32) (local $kind i32) (local $end i32) (local $at i32)
  (local.set $word (i32.load (local.get $record)))
  (local.set $kind (i32.and (local.get $word) (i32.const 15)))
  (local.set $at (i32.add (local.get $record) (i32.const {head})))
  (local.set $end (i32.add (local.get $at)
    (i32.shl (i32.shr_u (local.get $word) (i32.const 4)) (i32.const 2))))
  (if (i32.eqz (local.get $kind)) (then (call $name (local.get $at)) (return)))
  (if (i32.eq (local.get $kind) (i32.const 2)) (then
    (call $mark_choice (local.get $at) (local.get $end)) (return)))
  (if (i32.eq (local.get $kind) (i32.const 3)) (then (call $mark_items (local.get $at)) (return)))
  (if (i32.eq (local.get $kind) (i32.const 7)) (then (call $mark_outer (local.get $at)) (return)))
  (if (i32.eq (local.get $kind) (i32.const 4)) (then
    (call $mark
      (i32.load offset=4 (i32.add (local.get $at) (i32.shl (i32.load (i32.load (local.get $at))) (i32.const 2)))))
    (return)))
  (block $done (loop $next
    (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
    (call $mark (i32.load (local.get $at)))
    (local.set $at (i32.add (local.get $at) (i32.const 4)))
    (br $next))))

(func $visit_all (param $record i32) (param $last i32)
  ;; a node for all whom it is of, where it is marked; the marks are taken away with the last of its records
  (local $whom i32) (local $list i32) (local $count i32) (local $firsts i32) (local $items i32)
  (local.set $whom (i32.load offset=20 (local.get $record)))
  (local.set $list (i32.shr_u (local.get $whom) (i32.const 2)))
  (local.set $count (select (global.get $members) (i32.const 1) (i32.and (local.get $whom) (i32.const 1))))
  (global.set $m (i32.const 0))
  (block $all (loop $each
    (br_if $all (i32.ge_u (global.get $m) (local.get $count)))
    (local.set $items (i32.const 1))
    (if (local.get $list) (then
      (local.set $items (i32.add (call $known (local.get $list)) (call $further (local.get $list))))))
    (local.set $firsts (i32.const 1))
    (if (i32.and (local.get $whom) (i32.const 2)) (then
      (local.set $firsts (select (local.get $items) (global.get $members) (local.get $list)))))
    (global.set $o (i32.const 0))
    (block $no_first (loop $next_first
      (br_if $no_first (i32.ge_u (global.get $o) (local.get $firsts)))
      (global.set $n (i32.const 0))
      (block $no_item (loop $next_item
        (br_if $no_item (i32.ge_u (global.get $n) (local.get $items)))
        (if (i32.load8_u offset={marks} (call $place (local.get $record))) (then
          (if (local.get $last) (then (i32.store8 offset={marks} (call $place (local.get $record)) (i32.const 0))))
          (if (i32.eq (i32.load8_u offset={trace} (call $place (local.get $record))) (i32.const 2)) (then
            (call $visit (local.get $record))))))
        (global.set $n (i32.add (global.get $n) (i32.const 1)))
        (br $next_item)))
      (global.set $o (i32.add (global.get $o) (i32.const 1)))
      (br $next_first)))
    (global.set $m (i32.add (global.get $m) (i32.const 1)))
    (br $each))))

(func $walk (param $record i32)
  ;; all marked nodes from a record on; marks only ever go to later records
  (local $node i32) (local $next i32) (local $marked i32) (local $last i32)
  ;; no node, as there is one whose byte is the first
  (local.set $node (i32.const -1))
  (block $done (loop $every
    (br_if $done (i32.ge_u (local.get $record) (i32.const {roots})))
    (local.set $next (i32.add (local.get $record) (i32.add (i32.const {head})
      (i32.shl (i32.shr_u (i32.load (local.get $record)) (i32.const 4)) (i32.const 2)))))
    ;; of the records of one node the first is marked
    (if (i32.ne (i32.load offset=4 (local.get $record)) (local.get $node)) (then
      (local.set $node (i32.load offset=4 (local.get $record)))
      (local.set $marked (i32.load offset=24 (local.get $record)))
      (i32.store offset=24 (local.get $record) (i32.const 0))))
    (local.set $last (i32.const 1))
    (if (i32.lt_u (local.get $next) (i32.const {roots})) (then
      (local.set $last (i32.ne (i32.load offset=4 (local.get $next)) (local.get $node)))))
    (if (local.get $marked) (then (call $visit_all (local.get $record) (local.get $last))))
    (local.set $record (local.get $next))
    (br $every))))

(func $needs
  (local $roots i32) (local $question i32) (local $subjects i32) (local $subject i32) (local $here i32)
  (local $open i32) (local $only i32)
  (local.set $here (i32.add (i32.load (i32.const {offsets}))
    (i32.shl (i32.load (i32.const {asked})) (i32.const 2))))
  (global.set $first (i32.load (local.get $here)))
  (global.set $members (i32.sub (i32.load offset=4 (local.get $here)) (global.get $first)))
  (local.set $only (i32.load (i32.const {member})))
  (if (i32.gt_u (local.get $only) (global.get $members)) (then unreachable))
  (global.set $row (i32.load (i32.const {needs})))
  (local.set $roots (i32.const {roots}))
  (memory.fill (global.get $row) (i32.const 0) (i32.const {whole}))
  (block $done (loop $next
    (br_if $done (i32.ge_u (local.get $question) (i32.const {questions})))
    (local.set $subjects (select (global.get $members) (i32.const 1) (i32.load offset=12 (local.get $roots))))
    (local.set $subject (i32.const 0))
    (if (i32.and (i32.ne (local.get $only) (i32.const 0)) (i32.load offset=12 (local.get $roots))) (then
      (local.set $subjects (local.get $only))
      (local.set $subject (i32.sub (local.get $only) (i32.const 1)))))
    (local.set $open (i32.const 0))
    (block $all (loop $each
      (br_if $all (i32.ge_u (local.get $subject) (local.get $subjects)))
      (global.set $m (local.get $subject))
      (if (call $start (i32.load (local.get $roots))) (then (local.set $open (i32.const 1))))
      (if (call $start (i32.load offset=4 (local.get $roots))) (then (local.set $open (i32.const 1))))
      (local.set $subject (i32.add (local.get $subject) (i32.const 1)))
      (br $each)))
    (if (local.get $open) (then (call $walk (i32.load offset=8 (local.get $roots)))))
    (local.set $roots (i32.add (local.get $roots) (i32.const 16)))
    (global.set $row (i32.add (global.get $row) (i32.const {stride})))
    (local.set $question (i32.add (local.get $question) (i32.const 1)))
    (br $next))))
"""
