"""Loops inside one another: over members, over the items of a list, over pairs of these; and where a loop's values are.

In: levels. Out: `Nest`s, WAT of loops, indices. Called by `plan`, `relevance`, `function`.
Of each loop the variables begin with the letter of its depth, by which `body` sees where an expression belongs: `i` is
the entry looked at, `f` and `l` the first and the one past the last. Of a list's, after these may come one for all
further items (`e` is the end with it): `c` is then the entry of the columns, `b` the bits of a test that count (a
further item is never surely there), `w` how many there may be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fupin_policy.core.expressions import Items, Level
from fupin_policy.core.program import Program
from fupin_policy.evaluators.wasm.body import DEPTHS, PREFIXES, get, i32, op
from fupin_policy.evaluators.wasm.layout import HOUSEHOLDS, Layout, ListColumns


@dataclass(frozen=True, slots=True)
class Nest:
    """Loops inside one another, by what each goes over; none at all for a household."""

    loops: tuple[Level, ...] = ()

    @property
    def depth(self) -> int:
        """How many loops there are."""
        return len(self.loops)

    @property
    def paired(self) -> bool:
        """Whether items are compared with those of the same list."""
        return self.depth > 1 and self.loops[-1] == self.loops[-2]

    def places(self, inner: Nest, outer: bool = False) -> tuple[int, ...]:
        """The depths of a nest's loops among these; `outer`: of a pair's first item, else of its second."""
        if inner.paired:
            return tuple(range(1, inner.depth + 1))
        found = [1 + self.loops.index(level) for level in inner.loops]
        if found and self.paired and inner.loops[-1] == self.loops[-1] and not outer:
            found[-1] = self.depth
        return tuple(found)


HOUSEHOLD, OF_MEMBERS = Nest(), Nest(("member",))


def joined(nests: Sequence[Nest]) -> Nest:
    """The nest in which values of several differ: the deepest."""
    return max(nests, key=lambda nest: nest.depth, default=HOUSEHOLD)


@dataclass(frozen=True, slots=True)
class Nests:
    """The loops that a program's levels take, and how large arrays with an entry for each turn are."""

    of_members: Mapping[Level, bool]
    """By name of a list whether each member has one."""
    most: Mapping[Level, int]
    columns: Mapping[Level, ListColumns] = field(compare=False, repr=False)

    @classmethod
    def of(cls, program: Program, layout: Layout) -> Nests:
        """Those of a program."""
        lists = {one.name: one for one in program.lists}
        most = {"member": program.max_members, **{name: one.most for name, one in lists.items()}}
        columns = {one.declared.name: one for one in layout.lists}
        return cls({name: one.of == "member" for name, one in lists.items()}, most, columns)

    def of_level(self, level: Level, paired: bool = False) -> Nest:
        """The loops over a level, or over pairs."""
        if level == "member" or level in self.of_members:
            own = (level, level) if paired else (level,)
            return Nest(("member", *own) if self.of_members.get(level) else own)
        return HOUSEHOLD

    def asked(self, node: Items) -> Nest:
        """Where an aggregate has a value: for each owner, or for each item that it compares others with."""
        return self.of_level(node.list if node.paired else node.owner)

    def size(self, nest: Nest) -> int:
        """How many turns the innermost loop takes at most."""
        found = 1
        for level in nest.loops:
            found *= self.most[level]
        return found

    def index(self, nest: Nest, places: Sequence[int], own: Nest) -> str:
        """The number of the entry of a nest's array, where its loops are at some depths of the one written."""
        found = ""
        for level, depth in zip(nest.loops, places, strict=True):
            letter = PREFIXES[depth]
            first = "$first" if own.loops[depth - 1] == "member" else f"${letter}f"
            rank = op("i32.sub", get(f"${letter}i"), get(first))
            found = op("i32.add", op("i32.mul", found, i32(self.most[level])), rank) if found else rank
        return found


def in_order(nest: Nest) -> tuple[int, int]:
    """In which order the nests of a stage are carried out: what looks at pairs or at members' items comes later."""
    return (int(nest.paired), nest.depth)


def entry(nest: Nest, depth: int, exact: bool) -> str:
    """Which entry of columns is looked at at some depth; of an exact household there are no further items."""
    letter = PREFIXES[depth]
    return get(f"${letter}i" if exact or nest.loops[depth - 1] == "member" else f"${letter}c")


def weight(nest: Nest) -> tuple[str, str]:
    """Of the innermost loop the bits of a test that count, and how many items it may stand for."""
    letter = PREFIXES[nest.depth]
    return get(f"${letter}b"), get(f"${letter}w")


def loop(name: str, counter: str, end: str, lines: Sequence[str]) -> list[str]:
    """A loop that counts up to an end."""
    return [
        f"(block $end_{name} (loop $next_{name}",
        f"(br_if $end_{name} (i32.ge_u (local.get {counter}) {end}))",
        *lines,
        f"(local.set {counter} (i32.add (local.get {counter}) (i32.const 1)))",
        f"(br $next_{name})))",
    ]


@dataclass(frozen=True, slots=True)
class NestCode:
    """The statements of a nest: those of each depth from 1 on, and what follows the innermost loop."""

    nest: Nest
    lines: Sequence[Sequence[str]]
    after: Sequence[str]

    def text(self, name: str, nests: Nests, exact: bool) -> list[str]:
        """The loops; nothing where nothing is done in them."""
        if not any(self.lines[1:]):
            return []
        found: list[str] = []
        for depth in range(self.nest.depth, 0, -1):
            letter, level = PREFIXES[depth], self.nest.loops[depth - 1]
            behind = self.after if depth == self.nest.depth - 1 else ()
            inside = [*self.lines[depth], *found, *behind]
            own = f"{name}_{depth}" if depth > 1 else name
            if level == "member":
                found = [f"(local.set ${letter}i {get('$first')})", *loop(own, f"${letter}i", get("$last"), inside)]
            else:
                listed, owner = nests.columns[level], get("$mi") if nests.of_members[level] else get("$row")
                bounds = _bounds(listed, letter, owner, exact)
                turn = inside if exact else [*_turn(listed, letter), *inside]
                end = get(f"${letter}l" if exact else f"${letter}e")
                found = [*bounds, *loop(own, f"${letter}i", end, turn)]
        return found


def _bounds(listed: ListColumns, letter: str, owner: str, exact: bool) -> list[str]:
    """Between which entries an owner's items are; a trap where there may be more than the most."""

    def at(pointer: int) -> str:
        return op("i32.add", get(f"$p{pointer}"), op("i32.shl", owner, i32(2)))

    first, last, more = (get(f"${letter}{name}") for name in "flq")
    known = op("i32.sub", last, first)
    lines = [
        f"(local.set ${letter}f (i32.load {at(listed.offsets.pointer)}))",
        f"(local.set ${letter}l (i32.load offset=4 {at(listed.offsets.pointer)}))",
        f"(local.set ${letter}q {i32(0) if exact else op('i32.load', at(listed.more.pointer))})",
        f"(if (i32.or (i32.gt_u {known} {i32(listed.most)})",
        f" (i32.gt_u {more} (i32.sub {i32(listed.most)} {known}))) (then unreachable))",
        f"(local.set ${letter}i {first})",
    ]
    end = op("i32.add", last, op("i32.ne", more, i32(0)))
    return lines if exact else [*lines, f"(local.set ${letter}e {end})"]


def _turn(listed: ListColumns, letter: str) -> list[str]:
    known = op("i32.lt_u", get(f"${letter}i"), get(f"${letter}l"))
    further, more = get(further_entry(listed)), op("i64.extend_i32_u", get(f"${letter}q"))
    return [
        f"(local.set ${letter}c (select {get(f'${letter}i')} {further} {known}))",
        f"(local.set ${letter}b (select (i32.const 3) (i32.const 2) {known}))",
        f"(local.set ${letter}w (select (i64.const 1) {more} {known}))",
    ]


def further_entry(listed: ListColumns) -> str:
    """The local that holds the entry after all items of a list, which stands for further ones."""
    return f"$f{listed.offsets.pointer}"


def set_further_entry(listed: ListColumns) -> str:
    """The statement that looks up how many items of a list there are in all."""
    owners = op("i32.load", i32(HOUSEHOLDS))
    if listed.declared.of == "member":
        owners = op("i32.load", op("i32.add", get("$offsets"), op("i32.shl", owners, i32(2))))
    last = op("i32.add", get(f"$p{listed.offsets.pointer}"), op("i32.shl", owners, i32(2)))
    return f"(local.set {further_entry(listed)} (i32.load {last}))"


def loop_locals(nests: Sequence[Nest]) -> list[tuple[str, str]]:
    """The variables of loops over lists and pairs, beside that of members."""
    found: dict[str, str] = {}
    for nest in nests:
        for depth, level in enumerate(nest.loops, 1):
            letter = PREFIXES[depth]
            if level == "member":
                found |= {f"${letter}i": "i32"}
            else:
                found |= {f"${letter}{name}": "i32" for name in "iflqecb"} | {f"${letter}w": "i64"}
    found.pop("$mi", None)
    return list(found.items())


assert len(PREFIXES) == DEPTHS
