"""Numbers, names and conditions of a sum in words.

In: a snapshot and what puts its traces in words. Out: `Operand`s and texts. Called by `sum_working` and `sum_finder`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import cast

from fupin_policy.core import possible
from fupin_policy.core.bilingual import Bilingual, plain
from fupin_policy.core.declarations import DatedValue
from fupin_policy.core.expressions import Const, Expr, Items, Level, Ref, Unknown
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.possible import Interval
from fupin_policy.core.snapshot import Snapshot, value_on, written
from fupin_policy.core.subjects import Item
from fupin_policy.core.traces import Trace, tests_and_values
from fupin_policy.core.types import PLAIN, Number
from fupin_policy.diagnostics import Lang
from fupin_policy.explanation.parameter_uses import formula_on, parameter_use
from fupin_policy.explanation.sums import Operand, SumItem
from fupin_policy.explanation.trace_words import TraceWords, counted_of
from fupin_policy.prose.expressions import Speaker
from fupin_policy.prose.ratios import decimal, fraction_text
from fupin_policy.prose.sentences import sentence

MOST_WORDS = 60
"""How long a row's condition may be, in Chinese, to be told."""
FEW_LEFT_OUT = 3
"""Of how many items that do not count it is told why not."""
NOTHING = Bilingual("", "")
OTHERWISE = sentence("otherwise")


class NumberWords:
    """Puts the numbers and names of a snapshot in words."""

    def __init__(self, snapshot: Snapshot, words: TraceWords) -> None:
        self.snapshot, self.words = snapshot, words
        self._decimals = snapshot.program.decimals
        self._lists = {one.name: one.words for one in snapshot.program.lists}
        self._speakers: dict[Lang, Speaker] = {lang: Speaker(snapshot.program, lang) for lang in ("zh", "en")}

    def operand(
        self, type_: Number, value: Interval, name: Bilingual | None = None, member: str | None = None
    ) -> Operand:
        """A number of a type; money has as many decimals as its currency, or more."""
        more = max(0, self._decimals - type_.scale) if type_.unit == self.snapshot.program.money else 0
        type_ = replace(type_, scale=type_.scale + more)
        value = (value[0] * 10**more, value[1] * 10**more)
        low, high = (Fraction(end, 10**type_.scale) for end in value)
        text = self._both(lambda speaker: speaker.interval(type_, *value))
        if type_.unit == PLAIN:
            return Operand(low, high, text.zh, text, NOTHING, name, member)
        least = min(type_.scale, self._decimals)
        digits = "–".join(dict.fromkeys(decimal(end, type_.scale, least) for end in value))
        unit = Bilingual(*(one.removeprefix(digits).strip() for one in text.both))
        return Operand(low, high, digits, text, unit, name, member)

    def value(self, trace: Trace) -> Bilingual:
        """The value of a trace."""
        return self.words.value(trace.expr.type, trace.value)

    def number_written(self, value: Fraction) -> Operand:
        """A number that was written so, or is what several make together."""
        text = fraction_text(value)
        return Operand(value, value, text, Bilingual(text, text), NOTHING)

    def others(self, count: int, of: Level = "member") -> Bilingual:
        """What members, or items of a list, are called that are not told one by one."""
        if of != "member":
            return sentence("more_items", count=count)
        return sentence("more_person" if count == 1 else "more_persons", count=count)

    def item(self, item: Item | None) -> SumItem | None:
        """What an item of a list is called; None for a member."""
        if item is None or item.list == "member":
            return None
        return SumItem(item.list, self._lists[item.list], None if item.number is None else item.number + 1)

    def persons(self, found: Operand) -> Operand:
        """A number of persons, which rules write without a unit."""
        unit = sentence("person_unit" if found.digits == "1" else "persons_unit")
        texts = (f"{found.digits} {word}" for word in unit.both)
        return replace(found, text=Bilingual(*texts), unit=unit)

    def said(self, expr: Expr) -> Bilingual:
        """An expression as it was written."""
        shown = written(expr)
        return self._both(lambda speaker: speaker.say(shown))

    def left_out(self, aggregate: Trace) -> Iterator[Bilingual]:
        """Of an aggregate over a list that some of its items do not count, and why not."""
        tests = [one for one in tests_and_values(aggregate)[0] if (item := self.item(one.item)) and item.number]
        left = [one for one in tests if one.value == possible.FALSE]
        if not left or len(left) == len(tests):
            return
        name = self._lists[cast(Items, aggregate.expr).list]
        chosen = [sum(one.value == bits for one in tests) for bits in (possible.TRUE, possible.UNKNOWN)]
        yield counted_of(name, len(tests), False, chosen, sentence("count"))
        for test in left[:FEW_LEFT_OUT]:
            which, why = cast(SumItem, self.item(test.item)).alone, self.words.worded(test, True, None, True)
            if len(why.zh) <= MOST_WORDS:
                yield sentence("does_not_count", which=which, why=why)

    def named(self, definition: DefinitionId) -> Bilingual:
        """What a definition is called."""
        one = next(one for one in self.snapshot.as_written if one.id == definition)
        return self.said(Ref(one.id, one.level, one.type))

    def parameter(self, expr: Const | Unknown, value: Interval) -> Operand:
        """A parameter's value; of a number that was written as one, the number."""
        found = self.operand(cast(Number, expr.type), value)
        if expr.source is None:
            return found
        source, day = expr.source, self.snapshot.validity.start
        dated = value_on(self.snapshot.program, source.name, source.key, day)
        return self._of_parameter(found, source.name, source.key, dated)

    def formula(self, found: Operand, parameter: str) -> Operand:
        """A number that is what a parameter is worked out to be; of a scale it is what it makes of another number."""
        dated = formula_on(self.snapshot.program, parameter, self.snapshot.validity.start)
        return found if dated is None else self._of_parameter(found, parameter, None, dated)

    def _of_parameter(self, found: Operand, name: str, key: int | None, dated: DatedValue | None) -> Operand:
        use = parameter_use(self.snapshot, name, key, found.text, dated)
        return replace(found, name=Bilingual(plain(use.label), use.english), parameter=use)

    def asked(self, test: Trace | None, negated: bool = False) -> Bilingual:
        """A row's condition, or what decided in it where that is shorter."""
        if test is None:
            return OTHERWISE
        found = (self.words.worded(test, negated, None, deciding) for deciding in (False, True))
        return next((one for one in found if len(one.zh) <= MOST_WORDS), sentence("this_row"))

    def _both(self, make: Callable[[Speaker], str]) -> Bilingual:
        return Bilingual(make(self._speakers["zh"]), make(self._speakers["en"]))
