"""What typing an expression can look at and report to: the names in scope, the rule's level and days.

In: a `Scope`. Out: `TypingContext`, which the rest of typing is given; the `Typer` is one.
A part that is `ErrorType` is passed over in silence, so that one mistake gives one diagnostic.
"""

from __future__ import annotations

from dataclasses import dataclass

from fupin_policy.check.numbers import fits, widest_fact
from fupin_policy.check.scope import BROKEN, Scope
from fupin_policy.core.bilingual import level_words
from fupin_policy.core.days import ALWAYS, MonthDay, Validity
from fupin_policy.core.expressions import Expr, Fact, Items, Level, Ref, children
from fupin_policy.core.identifiers import AssessmentDay
from fupin_policy.core.types import Code, Day, ErrorType, Number, Truth, Type, Unit
from fupin_policy.diagnostics import Span
from fupin_policy.language.syntax import Syntax

_OWNERS: dict[Level, Level] = {"member": "household", "household": "village"}
"""What a rule of a level sees besides its own: that of which it is a part."""


@dataclass(frozen=True, slots=True)
class TypingContext:
    """The names in scope of a rule of a household, a member or a kind of place (`level`), and where to report."""

    scope: Scope
    level: Level
    days: tuple[Validity, ...] = (ALWAYS,)
    """On which days the rule is in force."""
    assessed: tuple[AssessmentDay, ...] = ()
    """As of which day circumstances count, counted from the day asked about step by step."""
    last: tuple[MonthDay, ...] = ()
    """As of the last of which months and days parameters are read, counted in the same way."""
    asker: Level | None = None
    """Inside an aggregate over a list the level of the rule in which it stands."""

    def owner(self, level: Level) -> Level | None:
        """Of what something of a level is a part: an item of its list's owner, a member of the household."""
        declared = self.scope.lists.get(level)
        return _OWNERS.get(level) if declared is None else declared.of

    def sees(self, level: Level) -> bool:
        """Whether what is of a level can be used here: an item's rule sees its owner, a member's the household, …"""
        seen: Level | None = self.level
        while seen is not None and seen != level:
            seen = self.owner(seen)
        # a subject that there is not was reported; what it may see cannot be said
        return self.level not in self.scope.levels or seen == level

    def hidden(self, node: Syntax, name: str, level: Level) -> Expr:
        """Report that what is of a level cannot be used here."""
        if level == "member":
            return self.wrong("N112", node, name=name)
        if level in self.scope.lists:
            one = self.scope.lists[level].words
            return self.wrong("N212", node, name=name, list=one.zh, list_en=self.scope.lists[level].name)
        of, here = level_words(level), level_words(self.level)
        return self.wrong("N124", node, name=name, level=of.zh, level_en=of.en, here=here.zh, here_en=here.en)

    def wrong(self, code: str, node: Syntax | Span, *, suggestion: str | None = None, **words: object) -> Expr:
        """Report a fault at a node; the result is silent about what follows from it."""
        self.scope.reporter.report(code, span_of(node), suggestion=suggestion, **words)
        return BROKEN

    def bounded(self, expr: Expr) -> Expr:
        """The expression, if 64 bits hold all that it can be; otherwise a report that names the fact to tighten."""
        return expr if fits(expr.type) else self.too_wide(expr)

    def too_wide(self, expr: Expr) -> Expr:
        """Report that a value may leave 64 bits."""
        cause, span = widest_fact(expr), expr.span
        fact = None if cause is None else self.scope.facts.get(cause)
        return BROKEN if span is None else self.wrong("R301", span, fact=span.text if fact is None else fact.label)

    def kinds(self, **types: Type) -> dict[str, str]:
        """Words for types in both languages: `found=…` gives `found` and `found_en`."""
        found: dict[str, str] = {}
        for key, type_ in types.items():
            found[key], found[f"{key}_en"] = self._kind(type_)
        return found

    def unit_word(self, unit: Unit) -> str:
        """A unit as people write it."""
        return self.scope.units.text(unit)

    def _kind(self, type_: Type) -> tuple[str, str]:
        match type_:
            case Truth():
                return "是否", "a truth value"
            case Number(unit):
                return f"数字（{self.unit_word(unit)}）", f"a number ({self.unit_word(unit)})"
            case Day():
                return "日期", "a date"
            case Code(code_list):
                return f"代码（{code_list}）", f"a code of {code_list}"
            case ErrorType():
                return "?", "?"


def span_of(node: Syntax | Span) -> Span | None:
    """Where a node stands, or the place itself."""
    return node if isinstance(node, Span) else node.span


def needs_member(expr: Expr) -> bool:
    """Whether something depends on the member that it is asked of, and not only on the household's members together."""
    match expr:
        case Fact() | Ref():
            return expr.level == "member"
        case Items():
            return expr.owner == "member" or expr.paired
        case _:
            return any(map(needs_member, children(expr)))
