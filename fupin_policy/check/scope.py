"""Which names an expression can use, and what they stand for.

In: what a ruleset declares. Out: `Scope`, looked into by `typing` and `decision_tables`. Built by `program`.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field

from fupin_policy.check.parsed import Brackets
from fupin_policy.check.units import Units
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import MonthDay, Validity
from fupin_policy.core.declarations import CodeDecl, CodeList, FactDecl, ListDecl, ParameterDecl
from fupin_policy.core.expressions import Const, Level
from fupin_policy.core.identifiers import AssessmentDay, DefinitionId
from fupin_policy.core.program import BracketUse, Definition
from fupin_policy.core.types import ErrorType
from fupin_policy.diagnostics import Reporter, Span

BROKEN = Const(0, ErrorType())
"""What stands for an expression in which something was reported."""

NameIndex = dict[tuple[str, int, int], Bilingual]
"""What each name in the files is called in both languages, by file and offsets; the formatter's dictionary."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Every name of a ruleset. `define(id)` types a definition on demand, or says None where it is broken."""

    facts: Mapping[str, FactDecl]
    code_lists: Mapping[str, CodeList]
    terms: Mapping[str, str]
    term_words: Mapping[str, Bilingual]
    parameters: Mapping[str, ParameterDecl]
    policies: Mapping[str, str]
    policy_words: Mapping[str, Bilingual]
    policy_levels: Mapping[str, Level]
    with_amount: frozenset[str]
    starting: frozenset[str]
    """The policies that look at another day than the one asked about."""
    levels: frozenset[Level]
    broken: frozenset[str]
    units: Units
    covers: Validity
    min_members: int
    max_members: int
    reporter: Reporter
    define: Callable[[DefinitionId, Span | None], Definition | None]
    brackets: Mapping[str, Brackets]
    """Of the parameters, by English name, those that are scales."""
    use: Callable[[BracketUse, Level, tuple[AssessmentDay, ...], Span | None], Definition | None]
    """Defines what a parameter that is worked out comes to where a rule uses it."""
    as_of: Callable[[ParameterDecl, tuple[MonthDay, ...]], ParameterDecl]
    """A parameter as it stood on the last of some months and days."""
    names: NameIndex = field(default_factory=dict)
    worked_out: Container[str] = frozenset()
    """The parameters of which each use is a definition."""
    readings: frozenset[str] = frozenset()
    """The names of parameters that are readings of the law: a rule says `读法.老年人`."""
    lists: Mapping[str, ListDecl] = field(default_factory=dict)
    """By each word that names a list."""
    words: frozenset[str] = frozenset()
    """Every name, code and unit: what a suggestion leaves whole."""

    def note(self, span: Span | None, zh: str, en: str) -> None:
        """Remember what the name at a place is called in both languages."""
        if span is not None:
            self.names[(span.source.path, span.start, span.end)] = Bilingual(zh, en)

    def code(self, code_list: str, word: str) -> int | None:
        """The position of a code in a list, by its label, English name or registry code."""
        for index, code in enumerate(self.code_lists[code_list].codes):
            if word in (code.label, code.name, code.code):
                return index
        return None

    def nearest(self, word: str) -> str | None:
        """The known fact, term or code that is nearest to a mistaken word."""
        codes = (label for found in self.code_lists.values() for label in code_words(found.codes))
        return self.reporter.suggest(word, [*self.facts, *self.terms, *self.readings, *codes])


def code_words(codes: Iterable[CodeDecl]) -> list[str]:
    """The labels and names of codes."""
    return [word for code in codes for word in (code.label, code.name)]
