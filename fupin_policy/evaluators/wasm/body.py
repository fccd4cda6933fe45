"""Straight-line code with value numbering: each distinct computation has one local.

In: WAT expressions. Out: statements and locals. Called by the other emitters of this package.
Names carry their scope: `$m…` changes from turn to turn of the outermost loop (from member to member), `$n…` of the one
inside it, `$k…` of the innermost; all else is the same for a whole household.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from fupin_policy.core.types import Code, Truth, Type

Machine = Literal["i32", "i64"]
PREFIXES = ("h", "m", "n", "k")
"""With what names begin, by how many loops they stand in."""
DEPTHS = len(PREFIXES)


@dataclass(frozen=True, slots=True)
class Val:
    """A possible value as operands: the ends of an interval, or one mask twice. `exact` if it surely is one value."""

    low: str
    high: str
    exact: bool


def machine(type_: Type) -> Machine:
    """In what a value of a type is held."""
    match type_:
        case Truth():
            return "i32"
        case Code(_, size):
            return "i32" if size <= 32 else "i64"
        case _:
            return "i64"


def i32(value: int) -> str:
    """A 32-bit constant."""
    return f"(i32.const {value})"


def i64(value: int) -> str:
    """A 64-bit constant."""
    return f"(i64.const {value})"


def op(name: str, *operands: str) -> str:
    """An instruction applied to operands."""
    return f"({name} {' '.join(operands)})"


def get(name: str) -> str:
    """The value of a local."""
    return f"(local.get {name})"


def depth_of(text: str) -> int:
    """In how many loops an expression stands."""
    return 3 if "$k" in text else 2 if "$n" in text else 1 if "$m" in text else 0


def _lines() -> tuple[list[str], ...]:
    return tuple([] for _ in range(DEPTHS))


def _known() -> tuple[dict[str, str], ...]:
    return tuple({} for _ in range(DEPTHS))


@dataclass(slots=True)
class VersionBlock:
    """Statements of a phase, the household's and those of each loop, and what is known after them."""

    lines: tuple[list[str], ...] = field(default_factory=_lines)
    known: tuple[dict[str, str], ...] = field(default_factory=_known)


@dataclass(slots=True)
class FunctionBody:
    """One function's code so far: that of a phase and some loops, and within it that of one version of a definition.

    `depth` is how many loops there are inside one another.
    """

    locals: list[tuple[str, Machine]] = field(default_factory=list)
    outer: VersionBlock = field(default_factory=VersionBlock)
    inner: VersionBlock | None = None
    depth: int = 0

    @property
    def lines(self) -> tuple[list[str], ...]:
        """The statements that are being written, by depth."""
        return (self.inner or self.outer).lines

    def next_phase(self) -> None:
        """Begin a phase; what was worked out for a household stays known."""
        self.outer = VersionBlock(known=(self.outer.known[0], *_known()[1:]))

    def other_loops(self) -> VersionBlock:
        """A block for other loops of the same phase."""
        return VersionBlock((self.outer.lines[0], *_lines()[1:]), (self.outer.known[0], *_known()[1:]))

    @contextmanager
    def within(self, block: VersionBlock | None) -> Iterator[None]:
        """Write into a block that is carried out under a condition, or (None) outside of any."""
        before, self.inner = self.inner, block
        yield
        self.inner = before

    def let(self, kind: Machine, text: str) -> str:
        """An operand for a pure expression; its operands must be operands."""
        if text.startswith(("(local.get", "(i32.const", "(i64.const")):
            return text
        depth = depth_of(text)
        for block in (self.outer, self.inner or self.outer):
            known = block.known[depth]
            if text in known:
                return known[text]
        name = self.fresh(PREFIXES[depth], kind)
        self.lines[depth].append(f"(local.set {name} {text})")
        known[text] = get(name)
        return known[text]

    def fresh(self, prefix: str, kind: Machine) -> str:
        """A new local's name."""
        name = f"${prefix}{len(self.locals)}"
        self.locals.append((name, kind))
        return name

    def least(self, a: str, b: str) -> str:
        """The lesser of two 64-bit operands."""
        return a if a == b else self.let("i64", op("select", a, b, op("i64.lt_s", a, b)))

    def most(self, a: str, b: str) -> str:
        """The greater of two 64-bit operands."""
        return a if a == b else self.let("i64", op("select", a, b, op("i64.gt_s", a, b)))


def branches(chosen: str, blocks: Mapping[int, Sequence[str]]) -> list[str]:
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
