"""Straight-line code with value numbering: each distinct computation has one local.

In: WAT expressions. Out: statements and locals. Called by the other emitters of this package.
Names carry their scope: `$m…` changes from member to member, all else is the same for a whole household.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from fupin_policy.core.types import Code, Truth, Type

Machine = Literal["i32", "i64"]


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


def per_member(text: str) -> bool:
    """Whether an expression differs from member to member."""
    return "$m" in text


@dataclass(slots=True)
class VersionBlock:
    """Statements of a phase, the household's and the loop's, and what is known after them."""

    household: list[str] = field(default_factory=list)
    member: list[str] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    known_of_member: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class FunctionBody:
    """One function's code so far: that of a phase, and within it that of one version of a definition."""

    locals: list[tuple[str, Machine]] = field(default_factory=list)
    outer: VersionBlock = field(default_factory=VersionBlock)
    inner: VersionBlock | None = None

    @property
    def household(self) -> list[str]:
        """The statements that are being written, once for a household."""
        return (self.inner or self.outer).household

    @property
    def member(self) -> list[str]:
        """The statements that are being written, for each member."""
        return (self.inner or self.outer).member

    def next_phase(self) -> None:
        """Begin a phase; what was worked out for a household stays known."""
        self.outer = VersionBlock(known=self.outer.known)

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
        of_member = per_member(text)
        for block in (self.outer, self.inner or self.outer):
            known = block.known_of_member if of_member else block.known
            if text in known:
                return known[text]
        name = self.fresh("m" if of_member else "h", kind)
        (self.member if of_member else self.household).append(f"(local.set {name} {text})")
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
