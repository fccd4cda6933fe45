"""Straight-line code with value numbering: each distinct computation has one local.

In: WAT expressions. Out: statements and locals. Called by the other emitters of this package.
Names carry their scope: `$m…` changes from member to member, all else is the same for a whole household.
"""

from __future__ import annotations

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
class FunctionBody:
    """One function's code so far. `household` and `member` are the statements of the phase being written."""

    locals: list[tuple[str, Machine]] = field(default_factory=list)
    household: list[str] = field(default_factory=list)
    member: list[str] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    _known_of_member: dict[str, str] = field(default_factory=dict)

    def next_phase(self) -> None:
        """Begin a phase; what was worked out for a household stays known."""
        self.household, self.member, self._known_of_member = [], [], {}

    def let(self, kind: Machine, text: str) -> str:
        """An operand for a pure expression; its operands must be operands."""
        if text.startswith(("(local.get", "(i32.const", "(i64.const")):
            return text
        inner = per_member(text)
        known = self._known_of_member if inner else self.known
        if text not in known:
            name = self.fresh("m" if inner else "h", kind)
            (self.member if inner else self.household).append(f"(local.set {name} {text})")
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
