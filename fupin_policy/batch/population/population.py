"""A population file: read, and checked by the ruleset whose facts it draws.

In: a file and a program. Out: `Population`, or diagnostics with positions. Called by the command line and users.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from fupin_policy.batch.population.model import (
    ITEM,
    SIZE,
    STRUCTURE,
    Choice,
    DrawnList,
    DrawRule,
    Population,
    Structure,
    Variable,
)
from fupin_policy.batch.population.values import (
    NumberBounds,
    Values,
    cut,
    cuts_of,
    labels_of,
    read_draw,
    several,
    share,
    templates,
    words_of,
)
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import day_of
from fupin_policy.core.declarations import FactDecl, ListDecl
from fupin_policy.core.program import Program
from fupin_policy.core.types import Code, Number
from fupin_policy.diagnostics import Reporter, RulesetError, Span
from fupin_policy.documents import file_of
from fupin_policy.documents.entry_reader import EntryReader as Asked
from fupin_policy.documents.entry_reader import MalformedEntry
from fupin_policy.documents.mended_nodes import kind_of
from fupin_policy.documents.parts import TextDoc
from fupin_policy.documents.reader import YamlMapping, read_node
from fupin_policy.documents.validate import validate
from fupin_policy.intake.notation import EACH
from fupin_policy.intake.period_headers import fact_of_header

SIZE_OF = "项数"
"""What follows a list's label in the name of the variable that says how many items it has."""

MOST = 10**15
"""No number written here, in its smallest units, is beyond this."""

OLDEST = 120


def read_population(path: Path, program: Program) -> Population:
    """The population of a file. Raises RulesetError with every problem found."""
    reporter = Reporter()
    data = reporter.result(file_of(path, reporter))
    node = read_node(path.as_posix(), data, reporter)
    reporter.raise_errors()
    kind = kind_of(node) if isinstance(node, YamlMapping) else None
    if node is None or kind is None or kind.text != "population":
        raise RulesetError.of("P010", None if node is None else node.span)
    valid = reporter.result(validate("population", node, reporter))
    if not isinstance(valid, YamlMapping):
        raise AssertionError("a mapping stays one")
    return reporter.result(_Reading(program, reporter).population(Asked(valid, reporter, valid)))


@dataclass(frozen=True, slots=True)
class _Reading:
    """One file being read: `known` are the variables so far, `broken` those whose entries are wrong.

    `within` is the list whose items' facts are read.
    """

    program: Program
    reporter: Reporter
    known: dict[str, Variable] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    within: ListDecl | None = None

    def population(self, asked: Asked) -> Population | None:
        """The whole file, or None where what all entries rest on is wrong."""
        self.known[SIZE] = Variable(SIZE, "household", "number")
        try:
            as_of = _day(asked.text("as_of"))
            relation = self._relation(asked.text("relation"))
            structures = asked.each("structures", lambda one: self._structure(one, relation))
            shares = tuple(asked.each("structures", lambda one: share(one.text("share").text)))
            cuts = cuts_of(shares, _beginning(asked, "structures"), self.reporter)
        except MalformedEntry:
            return None
        self.known[STRUCTURE] = Variable(
            STRUCTURE, "household", "code", tuple(structure.name for structure in structures)
        )
        entries = [entry for entry in asked.each("facts", self._tried) if entry is not None]
        lists = [one for one in asked.each("lists", self._list) if one is not None]
        return Population(
            as_of,
            relation,
            structures,
            Choice(cuts, tuple(range(len(shares))), (1,) * len(shares)),
            tuple(entry for entry in entries if entry.variable.level == "household"),
            tuple(entry for entry in entries if entry.variable.level == "member"),
            tuple(lists),
        )

    def _list(self, asked: Asked) -> DrawnList | None:
        """How many items a list has, and their facts; each list stands once."""
        name, by_key = asked.text("list"), {key: one for one in self.program.lists for key in one.keys}
        declared = by_key.get(name.text)
        if declared is None:
            self.reporter.report("P011", name.span, suggestion=self.reporter.suggest(name.text, by_key), name=name.text)
            return None
        if f"{declared.label}{SIZE_OF}" in self.known:
            self.reporter.report("P002", name.span, name=declared.label)
            return None
        count, bounds = Variable(f"{declared.label}{SIZE_OF}", declared.of, "number"), NumberBounds(0, declared.most)
        self.known[count.name] = count
        note, standing = asked.maybe_words("note"), asked.one_of("standing", ("assumed", "reported"))
        words = None if note is None else Bilingual(note.zh, note.en)
        try:
            draw = read_draw(asked.node.get("draw"), Values(count, bounds, self.reporter), self._finder(count))
        except MalformedEntry:
            return None
        inside = replace(self, known={**self.known, ITEM: Variable(ITEM, declared.name, "number")}, within=declared)
        items = tuple(entry for entry in asked.each("facts", inside._tried) if entry is not None)
        rule = DrawRule(count, draw, False, (), 0, None, 0, declared.most, 0, None, standing, words)
        return DrawnList(declared.name, declared.of, rule, items)

    def _relation(self, name: TextDoc) -> Variable:
        fact = self._fact(name)
        if fact.level != "member" or fact.kind != "code" or not isinstance(fact.type, Code):
            self.reporter.report("P009", name.span, name=name.text)
            raise MalformedEntry
        variable = Variable(fact.label, "member", "code", labels_of(self.program.code_lists[fact.type.code_list]))
        self.known[fact.label] = variable
        return variable

    def _structure(self, asked: Asked, relation: Variable) -> Structure:
        members, values = asked.texts("members"), Values(relation, NumberBounds(0, 0), self.reporter)
        least, most = self.program.min_members, self.program.max_members
        if not least <= len(members) <= most:
            where = asked.text("name").span
            self.reporter.report("P007", where, found=len(members), least=least, most=most)
        return Structure(asked.text("name").text, tuple(values.stretch(word)[0] for word in members))

    def _tried(self, asked: Asked) -> DrawRule | None:
        name = asked.maybe("fact") or asked.text("variable")
        if name.text in self.known:
            self.reporter.report("P002", name.span, name=name.text)
            return None
        try:
            entry = self._entry(asked, name)
        except MalformedEntry:
            self.broken.update(one.text for one in (name, asked.maybe("years")) if one is not None)
            return None
        self.known[name.text] = entry.variable
        if entry.years is not None:
            self.known[entry.years] = Variable(entry.years, entry.variable.level, "number")
        return entry

    def _entry(self, asked: Asked, name: TextDoc) -> DrawRule:
        fact = self._fact(name) if asked.maybe("fact") else None
        variable = self._variable(asked, fact)
        low, high = _range(asked, fact, variable)
        plus, times = asked.maybe("plus"), asked.texts("times")
        step = asked.maybe("step")
        unit = 1 if step is None else Values(variable, NumberBounds(1, MOST), self.reporter).stretch(step)[0]
        # what is still to be multiplied or added to need not lie within the fact's own range
        bounds = NumberBounds(-MOST, MOST, unit) if plus or times else NumberBounds(low, high, unit)
        missing, note = asked.plain("missing"), asked.maybe_words("note")
        factors = [self._earlier(one, variable, ("number",)) for one in times]
        return DrawRule(
            variable,
            read_draw(asked.node.get("draw"), Values(variable, bounds, self.reporter), self._finder(variable)),
            fact is not None,
            tuple(factor.name for factor in factors),
            sum(factor.scale for factor in factors),
            None if plus is None else self._earlier(plus, variable, ("number",)).name,
            low,
            high,
            0 if missing is None else cut(share(missing)),
            asked.plain("years"),
            asked.one_of("standing", ("assumed", "reported")),
            None if note is None else Bilingual(note.zh, note.en),
        )

    def _fact(self, name: TextDoc) -> FactDecl:
        """The fact of a label; of a fact by month one of its months (`工资 2019-05`), or all others (`工资 each`)."""
        levels = ("household", "member") if self.within is None else (self.within.name,)
        declared = [fact for fact in self.program.facts if fact.level in levels]
        facts = {fact.label: fact for fact in declared if fact.series is None}
        series = {fact.series.label: fact for fact in declared if fact.series is not None}
        found = facts.get(name.text) or (None if name.text in series else fact_of_header(series, name.text))
        if found is None:
            known = [*facts, *(f"{label} {EACH}" for label in series)]
            self.reporter.report("P001", name.span, suggestion=self.reporter.suggest(name.text, known), name=name.text)
            raise MalformedEntry
        return found

    def _variable(self, asked: Asked, fact: FactDecl | None) -> Variable:
        """What an entry draws, with the words that its values have."""
        words = tuple(words_of(asked.node.get("draw")))
        if fact is None:
            own = asked.one_of("for", ("household", "member"), "household")
            level = own if self.within is None else self.within.name
            kind = asked.one_of("type", ("number", "truth"), "number")
            return Variable(asked.text("variable").text, level, kind)
        variable = Variable(fact.label, fact.level, fact.kind)
        match fact.kind, fact.given_type:
            case "text", _:
                return templates(words, variable, self.reporter)
            case "codes", Code(code_list):
                return several(words, self.program.code_lists[code_list], variable, self.reporter)
            case _, Code(code_list):
                return replace(variable, labels=labels_of(self.program.code_lists[code_list]))
            case _, Number() as number:
                return replace(variable, scale=number.scale)
        return variable

    def _finder(self, user: Variable) -> Callable[[TextDoc], Variable]:
        return lambda word: self._earlier(word, user, ("number", "truth", "code", "codes"))

    def _earlier(self, word: TextDoc, user: Variable, kinds: tuple[str, ...]) -> Variable:
        """A variable that an entry may use: an earlier one of the same kind of subject, or of whom that belongs to."""
        found = self.known.get(word.text)
        seen = {"household", user.level, *(() if self.within is None else (self.within.of,))}
        if found is None or found.kind not in kinds or found.level not in seen:
            # an entry that is wrong was reported; what rests on it is not reported again
            if word.text not in self.broken:
                self.reporter.report(
                    "P003", word.span, suggestion=self.reporter.suggest(word.text, self.known), name=word.text
                )
            raise MalformedEntry
        return found


def _range(asked: Asked, fact: FactDecl | None, variable: Variable) -> tuple[int, int]:
    """Within which numbers what is drawn is held: the entry's own range, or the fact's; ages of dates."""
    low, high = (0, OLDEST) if variable.kind == "date" else (-MOST, MOST)
    if fact is not None and isinstance(fact.given_type, Number):
        low, high = fact.given_type.low, fact.given_type.high
    own = asked.maybe("range")
    if own is not None and variable.kind in ("number", "date"):
        return Values(variable, NumberBounds(low, high), asked.reporter).stretch(own)
    return low, high


def _day(given: TextDoc) -> date:
    """The schema has seen that it is one."""
    found = day_of(given.text)
    if found is None:
        raise AssertionError(given.text)
    return found


def _beginning(asked: Asked, key: str) -> Span:
    """The first character of a key's value, for what is wrong with the whole of it."""
    node = asked.node.get(key) or asked.node
    return Span(node.span.source, node.span.start, node.span.start + 1)
