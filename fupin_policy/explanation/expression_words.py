"""What stands in rules in words, whatever a household's facts are: what a part asks, what an operand is called.

In: a program, its expressions. Out: texts in both languages. Called by `trace_words`, and by `host_nodes` for hosts
that explain by an artifact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fupin_policy.core import possible
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.expressions import Const, Expr, Fact, Not, Ref
from fupin_policy.core.possible import Interval, Value
from fupin_policy.core.program import Program
from fupin_policy.core.snapshot import written
from fupin_policy.core.types import Number, Type
from fupin_policy.diagnostics import Lang
from fupin_policy.prose.expressions import Speaker

LANGS: tuple[Lang, Lang] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class ExpressionWords:
    """Puts the expressions of a program in words. `dates`: by the fact beside it the date that may be none."""

    speakers: Mapping[Lang, Speaker]
    dates: Mapping[str, Bilingual]

    @classmethod
    def of(cls, program: Program) -> ExpressionWords:
        """Those of a program."""
        dates = {fact.given: fact.words for fact in program.facts if fact.given is not None}
        return cls({lang: Speaker(program, lang) for lang in LANGS}, dates)

    def asks_of_date(self, expr: Expr) -> bool:
        """Whether it is the fact that there is a date."""
        return isinstance(expr, Fact) and expr.input.fact in self.dates

    def value(self, type_: Type, value: Value) -> Bilingual:
        """A value of a type."""
        return self._both(lambda speaker: speaker.shown(type_, value))

    def ends(self, type_: Number, value: Interval) -> Bilingual:
        """The least and the greatest that a number may be."""
        return self._both(lambda speaker: speaker.interval(type_, *value))

    def name(self, expr: Expr) -> Bilingual:
        """An expression as it was written."""
        shown = written(expr)
        return self._both(lambda speaker: speaker.say(shown))

    def asked(self, dated: Expr, negated: bool) -> Bilingual:
        """What a condition asks. That a truth is given so is said with its answer: `是否享受低保为「是」`."""
        expr = written(dated)
        if isinstance(expr, Const):
            holds = (expr.value == possible.TRUE) is not negated
            return Bilingual("无条件", "no condition") if holds else Bilingual("从不", "never")
        if isinstance(expr, Fact) and (date := self.dates.get(expr.input.fact)) is not None:
            zh, en = ("没有", "no") if negated else ("有", "a")
            return Bilingual(f"{zh}「{date.zh}」", f'there is {en} "{date.en}"')
        if isinstance(expr, Fact) and expr.input.code is None:
            name = self.name(expr)
            zh, en = ("否", "no") if negated else ("是", "yes")
            return Bilingual(f"{name.zh}为「{zh}」", f'"{name.en}" is {en}')
        if isinstance(expr, Ref) and negated and expr.definition.part == "term":
            name = self.name(expr)
            return Bilingual(f"非「{name.zh}」", f'not "{name.en}"')
        return self.name(Not(expr) if negated else expr)

    def _both(self, make: Callable[[Speaker], str]) -> Bilingual:
        return Bilingual(*(make(self.speakers[lang]) for lang in LANGS))
