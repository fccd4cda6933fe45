"""Values and shares as written, to integers and cuts.

In: nodes of a population file and the variable they are for. Out: `Draw`s. Called by `population`.
The schema has accepted the nodes; what is reported here depends on the ruleset or on earlier entries.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate

from fupin_policy.batch.population.model import EMPTY, WHOLE, By, Choice, Draw, Matches, Variable
from fupin_policy.core.declarations import CodeList
from fupin_policy.diagnostics import Reporter, Span
from fupin_policy.documents.entry_reader import MalformedEntry, as_text, listed
from fupin_policy.documents.parts import TextDoc
from fupin_policy.documents.reader import YamlMapping, YamlNode, YamlScalar

TRUTHS = ("否", "是")
JOINED = "、"
PLACEHOLDERS = ("{字}", "{户}", "{人}")
_NUMBER = r"-?[0-9]{1,18}(?:\.[0-9]{1,9})?"
_RANGE = re.compile(rf"({_NUMBER})?(\.\.)?({_NUMBER})?")
_BRACED = re.compile(r"\{[^{}]*\}|[{}]")
_NOTHING = Choice((), (0,), (0,))


@dataclass(frozen=True, slots=True)
class NumberBounds:
    """Within which whole units of `10**-scale` the numbers of a variable must lie, and in which steps."""

    low: int
    high: int
    step: int = 1


@dataclass(frozen=True, slots=True)
class Values:
    """Reads the values of one variable."""

    variable: Variable
    bounds: NumberBounds
    reporter: Reporter

    def stretch(self, word: TextDoc) -> tuple[int, int]:
        """A value as a stretch of integers, both ends included. Raises Unfit."""
        if self.variable.kind in ("number", "date"):
            return self._numbers(word)
        return (index := self._index(word), index)

    def matching(self, word: TextDoc) -> Matches:
        """The stretches of values that a word of a row means: of several codes at once, every set that holds it."""
        if self.variable.kind != "codes":
            return (self.stretch(word),)
        found = [i for i, label in enumerate(self.variable.labels) if word.text in label.split(JOINED)]
        return tuple((index, index) for index in found) or (self.stretch(word),)

    def _index(self, word: TextDoc) -> int:
        labels = TRUTHS if self.variable.kind == "truth" else self.variable.labels
        if word.text not in labels:
            self._unknown(word, labels)
        return labels.index(word.text)

    def _unknown(self, word: TextDoc, labels: Sequence[str]) -> None:
        near, name = self.reporter.suggest(word.text, labels), self.variable.name
        self.reporter.report("P004", word.span, suggestion=near, value=word.text, name=name, known=list(labels))
        raise MalformedEntry

    def _numbers(self, word: TextDoc) -> tuple[int, int]:
        found = _RANGE.fullmatch(word.text)
        low, dots, high = found.groups() if found else (None, None, None)
        if low or high:
            least = self._units(low) if low else Decimal(self.bounds.low)
            most = self._units(high) if high else least if not dots else Decimal(self.bounds.high)
            whole = least == int(least) and most == int(most)
            if whole and self.bounds.low <= least <= most <= self.bounds.high:
                return int(least), int(most)
        self.reporter.report(
            "P006",
            word.span,
            value=word.text,
            name=self.variable.name,
            low=Decimal(self.bounds.low).scaleb(-self.variable.scale),
            high=Decimal(self.bounds.high).scaleb(-self.variable.scale),
            decimals=self.variable.scale,
        )
        raise MalformedEntry

    def _units(self, text: str) -> Decimal:
        return Decimal(text).scaleb(self.variable.scale)


def read_draw(node: YamlNode | None, values: Values, known: Callable[[TextDoc], Variable]) -> Draw:
    """How to draw a variable; `known` finds the variable of a `by`, or reports and raises Unfit."""
    if node is None:
        return _NOTHING
    if not isinstance(node, YamlMapping):
        return _single(as_text(node), values)
    if node.get("by") is None:
        return _shared(node, values)
    by = known(as_text(node.get("by")))
    cases = Values(by, _anything(by), values.reporter)
    rows = tuple(_row(listed(row), values, cases, known) for row in listed_or_none(node.get("rows")))
    return By(by.name, rows, read_draw(node.get("otherwise"), values, known))


def words_of(node: YamlNode | None) -> Iterator[TextDoc]:
    """Every value that a draw names, in order."""
    if isinstance(node, YamlMapping) and node.get("by") is not None:
        for row in listed_or_none(node.get("rows")):
            yield from words_of(listed(row)[1])
        yield from words_of(node.get("otherwise"))
    elif isinstance(node, YamlMapping):
        yield from (as_text(key) for key, _ in node.entries if key.text != EMPTY)
    elif isinstance(node, YamlScalar) and node.text != EMPTY:
        yield as_text(node)


def several(words: Sequence[TextDoc], codes: CodeList, variable: Variable, reporter: Reporter) -> Variable:
    """The variable with the sets of codes that are drawn as its labels."""
    single = Values(replace(variable, kind="code", labels=labels_of(codes)), NumberBounds(0, 0), reporter)
    for word in words:
        for part in word.text.split(JOINED):
            single.stretch(TextDoc(part, word.span))
    return replace(variable, labels=tuple(dict.fromkeys(word.text for word in words)))


def labels_of(codes: CodeList) -> tuple[str, ...]:
    """The labels of a list of codes, by index."""
    return tuple(code.label for code in codes.codes)


def templates(words: Sequence[TextDoc], variable: Variable, reporter: Reporter) -> Variable:
    """The variable with the texts that are drawn as its labels."""
    allowed = PLACEHOLDERS if variable.level == "member" else PLACEHOLDERS[:2]
    for word in words:
        for found in _BRACED.findall(word.text):
            if found not in allowed:
                reporter.report("P008", word.span, name=found)
    return replace(variable, labels=tuple(dict.fromkeys(word.text for word in words)))


def share(text: str) -> Fraction:
    """A percentage as a part of one."""
    return Fraction(text.removesuffix("%")) / 100


def cut(part: Fraction) -> int:
    """A part of one in units of 2**-64."""
    return int(part * WHOLE)


def cuts_of(parts: Sequence[Fraction], where: Span, reporter: Reporter) -> tuple[int, ...]:
    """The upper ends of all shares but the last. Reports parts that do not make a whole, and raises Unfit."""
    if sum(parts) != 1:
        found = sum(parts, Fraction()) * 100
        reporter.report("P005", where, found=f"{Decimal(found.numerator) / found.denominator:f}")
        raise MalformedEntry
    return tuple(cut(end) for end in accumulate(parts[:-1]))


def listed_or_none(node: YamlNode | None) -> tuple[YamlNode, ...]:
    """The items of a list, none where it is not given."""
    return () if node is None else listed(node)


def _row(
    row: tuple[YamlNode, ...], values: Values, cases: Values, known: Callable[[TextDoc], Variable]
) -> tuple[Matches, Draw]:
    words = (row[0],) if isinstance(row[0], YamlScalar) else listed(row[0])
    matches = tuple(stretch for word in words for stretch in cases.matching(as_text(word)))
    return matches, read_draw(row[1], values, known)


def _single(word: TextDoc, values: Values) -> Choice:
    """One value for all; of a truth, a percentage is the share of yes."""
    if values.variable.kind == "truth" and word.text.endswith("%"):
        yes = share(word.text)
        return Choice(cuts_of((1 - yes, yes), word.span, values.reporter), (0, 1), (1, 1))
    low, count = _option(word, values)
    return Choice((), (low,), (count,), values.bounds.step)


def _shared(node: YamlMapping, values: Values) -> Choice:
    """Values with their shares; those of nobody are left out."""
    given = [(_option(as_text(key), values), share(as_text(value).text)) for key, value in node.entries]
    options = [option for option, part in given if part]
    parts = [part for _, part in given if part]
    cuts = cuts_of(parts, Span(node.span.source, node.span.start, node.span.start + 1), values.reporter)
    return Choice(cuts, tuple(low for low, _ in options), tuple(count for _, count in options), values.bounds.step)


def _option(word: TextDoc, values: Values) -> tuple[int, int]:
    """The lowest value of an option, and how many it has; none is left empty."""
    if word.text == EMPTY:
        return 0, 0
    low, high = values.stretch(word)
    return low, (high - low) // values.bounds.step + 1


def _anything(variable: Variable) -> NumberBounds:
    most = 10 ** (12 + variable.scale)
    return NumberBounds(-most, most)
