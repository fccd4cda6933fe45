"""Traced conditions in words: what a part asks, what it asks about, and what was found.

In: traces, a snapshot. Out: texts in both languages. Called by `reasons` and `parameter_uses`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from fupin_policy.core import possible
from fupin_policy.core.bilingual import Bilingual, pick
from fupin_policy.core.decision import STATUS_OF_TRUTH
from fupin_policy.core.expressions import And, Cases, Compare, Const, Expr, Gather, Items, Not, OneOf, Or, Ref
from fupin_policy.core.identifiers import DefinitionId
from fupin_policy.core.possible import Interval, Value
from fupin_policy.core.program import as_of_days
from fupin_policy.core.snapshot import Snapshot, written
from fupin_policy.core.traces import Trace, tests_and_values
from fupin_policy.core.types import Number, Truth, Type
from fupin_policy.diagnostics import Lang
from fupin_policy.explanation.deciding_parts import DecidingParts, all_must_hold, deciding_parts
from fupin_policy.explanation.explanation import NOTHING_KNOWN
from fupin_policy.explanation.expression_words import LANGS, ExpressionWords
from fupin_policy.prose.dates import window_words
from fupin_policy.prose.expressions import turned
from fupin_policy.prose.sentences import sentence
from fupin_policy.prose.statuses import STATUSES
from fupin_policy.prose.wording import COLON, COMMA

MAX_INNER, FEW_MEMBERS = 3, 3
MAX_DEPTH = 8
"""Through how many names what was found is followed down to facts."""

_ELLIPSIS = Bilingual("…", "…")
AND, OR = sentence("and"), sentence("or")


@dataclass(frozen=True, slots=True)
class NamedValue:
    """A value, and what it is the value of, where that is one thing."""

    subject: Bilingual | None
    value: Bilingual

    @property
    def words(self) -> Bilingual:
        """The value after its name."""
        if self.subject is None:
            return self.value
        return sentence("named", name=self.subject, value=self.value)


class TraceWords:
    """Puts traced parts of a snapshot in words; each part once. `members`: their ids, in order."""

    def __init__(self, snapshot: Snapshot, deciding: DecidingParts, members: Sequence[str]) -> None:
        self.deciding, self._members = deciding, members
        self.expressions = ExpressionWords.of(snapshot.program)
        self._lists = {one.name: one.words for one in snapshot.program.lists}
        self._titles = {policy.id: policy.title for policy in snapshot.program.policies}
        self._texts: dict[tuple[int, bool], Bilingual] = {}
        self._named: dict[int, Bilingual] = {}
        self._subjects: dict[int, Bilingual | None] = {}
        self._known: dict[tuple[int, int, bool, int, bool], tuple[NamedValue, ...]] = {}

    def facts(
        self, trace: Trace, subject: int, negated: bool, depth: int = MAX_DEPTH, said: bool = False
    ) -> tuple[NamedValue, ...]:
        """What was found of all that decided, not much more than can be said. What is asked twice is visited once.

        Where it is `said` what is compared both sides have no names of their own.
        """
        key = (id(trace), subject, negated, depth, said)
        known = self._known.get(key)
        if known is None:
            found = dict.fromkeys(self._found(trace, subject, negated, depth, said))
            known = self._known[key] = tuple(found)[: MAX_INNER + 1]
        return known

    def _found(self, trace: Trace, subject: int, negated: bool, depth: int, said: bool) -> Iterator[NamedValue]:
        match trace.expr:
            case Not():
                yield from self.facts(trace.children[0], subject, not negated, depth, said)
            case And() | Or():
                for part in deciding_parts(trace, negated):
                    yield from self.facts(part, subject, negated, depth)
            case Ref(DefinitionId("outcome") as policy):
                yield self._outcome(policy, cast(int, trace.value))
            case Ref() if depth > 0 and not isinstance((target := self.deciding.target(trace, subject)).expr, Const):
                yield from self.facts(target, subject, negated, depth - 1)
            case Const():
                return
            case _:
                yield NamedValue(self._subject(trace), self.found_in(trace, subject, said))

    def listed(self, facts: Sequence[NamedValue]) -> Bilingual:
        """What was found, as one text."""
        if facts and all(one.value == NOTHING_KNOWN for one in facts):
            return NOTHING_KNOWN
        return _listed([one.words for one in facts])

    def _outcome(self, policy: DefinitionId, bits: int) -> NamedValue:
        """What another policy came to."""
        title = self._titles[policy.name]
        said = as_of_days(Bilingual(f"「{title.zh}」", f'"{title.en}"'), policy.days)
        return NamedValue(said, STATUSES[STATUS_OF_TRUTH[bits]].explained)

    def found_in(self, trace: Trace, subject: int, said: bool = True) -> Bilingual:
        """What a part without joints came to: its operands, or for whom it holds. `said` as for `facts`."""
        if isinstance(trace.expr, Items):
            return self._of_members(trace, said) if trace.expr.list == "member" else self._of_list(trace, subject, said)
        if isinstance(trace.expr, Const):
            return Bilingual("", "")
        return self._operands(trace, said)

    def _subject(self, trace: Trace) -> Bilingual | None:
        """The one thing that a part asks about, if it is one."""
        key = id(trace.expr)
        if key not in self._subjects:
            self._subjects[key] = self._asked_about(trace)
        return self._subjects[key]

    def _asked_about(self, trace: Trace) -> Bilingual | None:
        if isinstance(trace.expr, Cases | Gather | Items | Const):
            return None
        parts = trace.children if isinstance(trace.expr, Compare | OneOf) else (trace,)
        named = [expr for part in parts if not isinstance(expr := written(part.expr), Const)]
        if len(named) != 1:
            return None
        return self.expressions.name(named[0])

    def _of_members(self, trace: Trace, said: bool) -> Bilingual:
        """Of whether any member fulfils something: who does, or why nobody does."""
        tests = list(enumerate(trace.children))
        bits = trace.value
        chosen = [(i, test) for i, test in tests if test.value == bits]
        if bits == possible.TRUE:
            chosen = chosen[:1]
        if not tests:
            return sentence("no_members")
        if bits == possible.FALSE and len(tests) > FEW_MEMBERS:
            return sentence("no_member_fits", count=len(tests))
        more = [_ELLIPSIS] if len(chosen) > FEW_MEMBERS else []
        return _listed([*(self._of_member(test, i, said) for i, test in chosen[:FEW_MEMBERS]), *more], FEW_MEMBERS + 1)

    def _of_list(self, trace: Trace, subject: int, said: bool) -> Bilingual:
        """Of how many items there are how many are chosen, and a few of these: `就医记录 3 项中 2 项符合：…`."""
        node, (tests, _, _) = trace.expr, tests_and_values(trace)
        assert isinstance(node, Items), node
        known = [one for one in tests if one.item is not None and one.item.number is not None]
        name, further, bits = self._lists[node.list], len(known) < len(tests), [one.value for one in known]
        if not bits:
            return sentence("items_not_known" if further else "no_items", name=name)
        sure, maybe = bits.count(possible.TRUE), bits.count(possible.UNKNOWN)
        chosen = [one for one in known if one.value != possible.FALSE]
        counted = counted_of(name, len(bits), further, (sure, maybe), sentence("fit"))
        if not (further or chosen):
            counted = sentence("no_item_fits", name=name, count=len(bits))
            chosen = known if len(known) <= FEW_MEMBERS else []
        more = [_ELLIPSIS] if len(chosen) > FEW_MEMBERS else []
        found = _listed([*(self._of_item(one, subject, said) for one in chosen[:FEW_MEMBERS]), *more], FEW_MEMBERS + 1)
        return sentence("named", name=counted, value=found) if found.zh else counted

    def _of_item(self, test: Trace, subject: int, said: bool) -> Bilingual:
        number = 0 if test.item is None or test.item.number is None else test.item.number
        found = self.listed(self.facts(test, subject, False, said=said))
        own = sentence("item", number=number + 1)
        return sentence("with_remark", text=own, remark=found) if found.zh else own

    def _of_member(self, test: Trace, subject: int, said: bool) -> Bilingual:
        member = self._members[subject]
        found = self.listed(self.facts(test, subject, False, said=said))
        return sentence("named", name=member, value=found) if found.zh else Bilingual(member, member)

    def _shown(self, trace: Trace) -> Bilingual:
        """The value of an operand; of whether there is a date, that there is one or none."""
        if self.expressions.asks_of_date(trace.expr) and trace.value != possible.UNKNOWN:
            return sentence("there_is" if trace.value == possible.TRUE else "there_is_none")
        return self.value(trace.expr.type, trace.value)

    def value(self, type_: Type, value: Value) -> Bilingual:
        """A value of a type."""
        return self.expressions.value(type_, value)

    def ends(self, type_: Number, value: Interval) -> Bilingual:
        """The least and the greatest that a number may be."""
        return self.expressions.ends(type_, value)

    def asked(self, trace: Trace, negated: bool) -> Bilingual:
        """What is asked; each node is put in words once."""
        key = (id(trace.expr), negated)
        if key not in self._texts:
            self._texts[key] = self.expressions.asked(trace.expr, negated)
        return self._texts[key]

    def supposed(self, test: Expr) -> Bilingual:
        """Options of open readings, as what is supposed."""
        return self.expressions.name(test)

    def worded(self, trace: Trace, negated: bool, within: type[And | Or] | None, deciding: bool = False) -> Bilingual:
        """A condition in words with its joints, or only its parts that decided; `within` what it is joined to."""
        match trace.expr:
            case Not():
                return self.worded(trace.children[0], not negated, within, deciding)
            case And() | Or():
                parts = deciding_parts(trace, negated) if deciding else trace.children
                if len(parts) == 1:
                    return self.worded(parts[0], negated, within, deciding)
                own: type[And | Or] = And if all_must_hold(trace, negated) else Or
                words = [self.worded(part, negated, own, deciding) for part in parts]
                text = joined(words, AND if own is And else OR)
                return text if within in (own, None) else sentence("in_parentheses", text=text)
            case _:
                return self.asked(trace, negated)

    def _operands(self, trace: Trace, said: bool) -> Bilingual:
        """What the operands were: `59 岁` where one was asked about, else each with its name: `年龄：59 岁`."""
        parts = trace.children if isinstance(trace.expr, Compare | OneOf | Cases | Gather) else (trace,)
        known = [part for part in parts if not isinstance(written(part.expr), Const)]
        if isinstance(trace.expr, Cases | Gather):
            known = [part for part in known if isinstance(part.expr.type, Truth)]
        original = written(trace.expr)
        if isinstance(original, Compare) and window_words(original, True) is not None:
            known = [known[0].children[0]]  # the day that both ends are reckoned from
        shown = [(self._name(part.expr), self._shown(part)) for part in known]
        turn = turned(original) if said and isinstance(original, Compare) else None
        zh, en = (_operands_in({pick(n, lang): pick(v, lang) for n, v in shown}, turn, lang) for lang in LANGS)
        return Bilingual(zh, en)

    def _name(self, expr: Expr) -> Bilingual:
        """An operand as it was written; each is put in words once."""
        key = id(expr)
        if key not in self._named:
            self._named[key] = self.expressions.name(expr)
        return self._named[key]


def _operands_in(shown: Mapping[str, str], turn: bool | None, lang: Lang) -> str:
    """What operands were, by name; of two that were just compared, in which order is known, without the names."""
    if len(shown) == 1:
        return next(iter(shown.values()))
    if turn is not None and len(shown) == 2:
        first, second = list(shown.values())[:: -1 if turn else 1]
        return pick(sentence("compared", first=first, second=second), lang)
    return COMMA[lang].join(f"{name}{COLON[lang]}{value}" for name, value in shown.items())


def counted_of(name: Bilingual, count: int, further: bool, chosen: Sequence[int], what: Bilingual) -> Bilingual:
    """Of how many items of a list, or more where there may be `further` ones, how many are chosen, in words.

    `chosen` are how many surely are, and how many may be; the first is not told where there is nothing but the second.
    """
    sure, maybe = chosen
    told = [sentence("chosen", count=sure, what=what)] if sure or not maybe else []
    told += [sentence("perhaps_chosen", count=maybe)] if maybe else []
    said = Bilingual("，".join(one.zh for one in told), ", ".join(one.en for one in told))
    return sentence("of_items_at_least" if further else "of_items", name=name, count=count, chosen=said)


def _listed(items: list[Bilingual], most: int = MAX_INNER) -> Bilingual:
    """Several short texts as one, no more than `most`."""
    kept = list(dict.fromkeys(item for item in items if item.zh))
    more = ["…"] if len(kept) > most else []
    return Bilingual("；".join([w.zh for w in kept[:most]] + more), "; ".join([w.en for w in kept[:most]] + more))


def joined(items: Sequence[Bilingual], joint: Bilingual) -> Bilingual:
    """Several texts as one, each once."""
    items = list(dict.fromkeys(items))
    return Bilingual(joint.zh.join(one.zh for one in items), joint.en.join(one.en for one in items))
