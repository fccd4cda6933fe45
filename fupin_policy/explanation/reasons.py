"""What decided: from the traces of a household to the smallest parts of the rules that settled a decision.

In: a snapshot, traces, a decision. Out: an `Explanation`. Called by `ruleset`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

from fupin_policy.core import possible
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import DAY_MAX, DAY_MIN, Validity, to_date
from fupin_policy.core.decision import STATUS_OF_TRUTH, Decision, Status, Trace, Traces
from fupin_policy.core.dependencies import Need
from fupin_policy.core.expressions import (
    Aggregate,
    And,
    Cases,
    Compare,
    Const,
    Expr,
    Fact,
    Members,
    Not,
    OneOf,
    Or,
    Parameter,
    Ref,
    walk,
)
from fupin_policy.core.program import Program
from fupin_policy.core.registers import ClauseRef
from fupin_policy.core.snapshot import Rule, Snapshot, value_on
from fupin_policy.core.types import Truth
from fupin_policy.diagnostics import Lang, Span, locate
from fupin_policy.explanation.explanation import (
    COLON,
    COMMA,
    NOTHING_KNOWN,
    STATUSES,
    Explanation,
    ParameterUse,
    Reason,
)
from fupin_policy.prose.expressions import Speaker, turned

MAX_REASONS, MAX_INNER, FEW_MEMBERS = 12, 3, 3
MAX_WORDS = 60
"""How long a definition may be, in Chinese, to be told whole beside its name."""
MAX_DEPTH = 8
"""Through how many names what was found is followed down to facts."""

_PER = {
    "once": Bilingual("一次性 ", " once"),
    "day": Bilingual("每天 ", " a day"),
    "month": Bilingual("每月 ", " a month"),
    "term": Bilingual("每学期 ", " a term"),
    "year": Bilingual("每年 ", " a year"),
}

_ELLIPSIS = Bilingual("…", "…")
_LANGS: tuple[Lang, Lang] = ("zh", "en")
_AND, _OR = Bilingual(" 且 ", " and "), Bilingual(" 或 ", " or ")


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
        return Bilingual(f"{self.subject.zh}：{self.value.zh}", f"{self.subject.en}: {self.value.en}")


def explain(detective: Detective, rule: Rule, decision: Decision, as_of: int) -> Explanation:
    """Why a decision on a rule came out as it did, on the same day and for the same household as the detective's."""
    program = detective.snapshot.program
    reasons = [] if rule.version is None else _merged(detective.reasons(rule, decision.status))
    notes = [_not_in_force(rule, as_of)] if rule.version is None else []
    if len(reasons) > MAX_REASONS:
        more = len(reasons) - MAX_REASONS
        notes.append(Bilingual(f"另有 {more} 条类似的理由。", f"and {more} more reasons of the kind."))
    return Explanation(
        decision,
        tuple(reasons[:MAX_REASONS]),
        rule.version is not None,
        () if rule.version is None else detective.parameters(rule),
        to_date(as_of),
        detective.amount(rule, decision),
        tuple(_clause(program, ref) for ref in decision.basis),
        tuple(notes),
    )


class Detective:
    """Looks in the interpreter's traces of a snapshot and a household for what decided.

    It may be asked about any of the rules, and looks at what they have in common once.
    """

    def __init__(self, snapshot: Snapshot, traces: Traces) -> None:
        self.snapshot, self.traces = snapshot, traces
        self._originals = _originals(snapshot)
        self._types = {one.id: one.type for one in snapshot.definitions}
        self._titles = {policy.id: policy.title for policy in snapshot.program.policies}
        self._speakers = {lang: Speaker(snapshot.program, lang) for lang in _LANGS}
        self._bases: dict[tuple[int, int, bool], frozenset[Need]] = {}
        self._texts: dict[tuple[int, bool], Bilingual] = {}
        self._subjects: dict[int, Bilingual | None] = {}
        self._known: dict[tuple[int, int, bool, int], tuple[NamedValue, ...]] = {}

    def reasons(self, rule: Rule, status: Status) -> list[Reason]:
        """For each subject (the household, or its members, those who receive first) what decided."""
        found = self.traces[rule.outcome]
        order = sorted(range(len(found)), key=lambda i: -cast(int, found[i].value))
        if status is not Status.INELIGIBLE:
            order = [i for i in order if found[i].value != possible.FALSE]
        if not order:
            return [
                Reason(
                    Bilingual("没有成员", "there are no members"), Bilingual("", ""), possible.FALSE, None, None, None
                )
            ]
        of_member = rule.policy.level == "member"
        reasons = []
        for subject in order:
            member = (_whose(found[subject]) or str(subject + 1)) if of_member else None
            reasons += [replace(one, member=member) for one in self._of_subject(rule, subject)]
        return reasons

    def _of_subject(self, rule: Rule, subject: int) -> Iterable[Reason]:
        outcome = self.traces[rule.outcome][subject]
        own = self.traces.get(f"when:{rule.policy.id}")
        when = outcome if own is None else own[subject]
        if outcome.value == possible.FALSE and when.value != possible.FALSE:
            return self._preceded(rule, subject) or list(self.causes(outcome, subject, rule))
        # whoever does not fulfil the policy's own condition is not told of others that would be drawn instead
        return list(self.causes(when if when.value == possible.FALSE else outcome, subject, rule))

    def _preceded(self, rule: Rule, subject: int) -> list[Reason]:
        """The policies of the same group that are drawn instead."""
        program = self.snapshot.program
        reasons = []
        for group in program.groups:
            if rule.policy.id not in group.policies:
                continue
            for other in group.policies:
                found = self.traces.get(f"outcome:{other}", ())
                if other != rule.policy.id and found and found[min(subject, len(found) - 1)].value == possible.TRUE:
                    said = _precedence(group.title, self._titles[other], group.keep)
                    own = self.traces[rule.outcome][subject]
                    reasons.append(replace(said, facts=self._basis(own, subject, False)))
        return reasons

    # -- the smallest parts that decided --------------------------------------------------------------------------

    def causes(self, trace: Trace, subject: int, rule: Rule | None, negated: bool = False) -> Iterator[Reason]:
        """The deciding parts of a truth. Under an odd number of NOTs (`negated`) a part is said as its contrary.

        What must all hold is said part by part; where any of several would do and none does, they are one reason.
        """
        match trace.expr:
            case Not():
                (inner,) = trace.children
                place, text = _written(trace.expr.span)
                for reason in self.causes(inner, subject, rule, not negated):
                    alone = place is not None and not isinstance(inner.expr, And | Or)
                    yield replace(reason, place=place, span_text=text) if alone else reason
            case And() | Or():
                parts = _deciding(trace, negated)
                if len(parts) == 1 or _all_of(trace, negated):
                    for child in parts:
                        yield from self.causes(child, subject, rule, negated)
                else:
                    yield self._any_of(trace, parts, subject, negated)
            case Ref(definition) if rule is not None and definition in (f"when:{rule.policy.id}", rule.outcome):
                yield from self.causes(self._target(trace.expr, subject), subject, rule, negated)
            case Ref():
                yield self._reference(trace, trace.expr, subject, negated)
            case _:
                yield self._reason(trace, subject, negated, self._said(trace, negated), self._found_in(trace, subject))

    def _basis(self, trace: Trace, subject: int, negated: bool) -> frozenset[Need]:
        """The inputs that what decided rests on; each part is visited once, from a list, as names may nest deep."""
        waiting = [(trace, subject, negated)]
        while waiting:
            part, whose, contrary = waiting[-1]
            key = (id(part), whose, contrary)
            below = self._below(part, whose, contrary)
            missing = [one for one in below if (id(one[0]), *one[1:]) not in self._bases]
            if missing:
                waiting += missing
                continue
            own = _input_of(part)
            self._bases[key] = own.union(*(self._bases[id(one[0]), *one[1:]] for one in below))
            waiting.pop()
        return self._bases[id(trace), subject, negated]

    def _below(self, trace: Trace, subject: int, negated: bool) -> list[tuple[Trace, int, bool]]:
        """What decided a part: each with the member looked at and whether its contrary is meant."""
        match trace.expr:
            case Ref():
                return [(self._target(trace.expr, subject), subject, negated)]
            case Not():
                return [(trace.children[0], subject, not negated)]
            case And() | Or():
                return [(part, subject, negated) for part in _deciding(trace, negated)]
            case Members(Aggregate.ANY):
                alike = [(part, at, False) for at, part in enumerate(trace.children) if part.value == trace.value]
                return alike[:1] if trace.value == possible.TRUE else alike
            case Members():
                return [(part, at, False) for at, part in self._people(trace)]
            case _:
                return [(part, subject, False) for part in trace.children]

    def _people(self, trace: Trace) -> Iterator[tuple[int, Trace]]:
        """The parts of a question about members, each with whose it is; tests, then values, then what else it is."""
        count = len(trace.children) // (1 if cast(Members, trace.expr).value is None else 2)
        return ((at % max(count, 1), part) for at, part in enumerate(trace.children))

    def _target(self, ref: Ref, subject: int) -> Trace:
        return self.traces[ref.definition][subject if ref.level == "member" else 0]

    def _any_of(self, trace: Trace, parts: Sequence[Trace], subject: int, negated: bool) -> Reason:
        """Several parts of which any would do."""
        said = _joined([self._worded(part, negated, Or) for part in parts], _OR)
        return self._reason(trace, subject, negated, said, self._told(self._facts(trace, subject, negated)))

    def _reference(self, trace: Trace, ref: Ref, subject: int, negated: bool) -> Reason:
        """A named condition, what it means, and what in it decided."""
        said, facts = self._said(trace, negated), self._facts(trace, subject, negated)
        if ref.definition.startswith("term:") and not negated:
            target = self._target(ref, subject)
            whole, deciding = (self._worded(target, False, None, only) for only in (False, True))
            if len(whole.zh) <= MAX_WORDS:
                said = Bilingual(f"{said.zh}，即{whole.zh}", f"{said.en}, that is, {whole.en}")
            elif len(deciding.zh) <= MAX_WORDS:
                said = Bilingual(f"{said.zh}，其中{deciding.zh}", f"{said.en}, of which {deciding.en}")
            while isinstance(target.expr, And | Or) and len(target.children) == 1:
                (target,) = target.children
            if not isinstance(target.expr, And | Or | Not | Ref | Members | Const):
                # the one thing asked about was just named
                facts = (NamedValue(None, self._found_in(target, subject)),)
        return self._reason(trace, subject, negated, said, self._told(facts))

    def _worded(self, trace: Trace, negated: bool, within: type[And | Or] | None, deciding: bool = False) -> Bilingual:
        """A condition in words with its joints, or only its parts that decided; `within` what it is joined to."""
        match trace.expr:
            case Not():
                return self._worded(trace.children[0], not negated, within, deciding)
            case And() | Or():
                parts = _deciding(trace, negated) if deciding else trace.children
                if len(parts) == 1:
                    return self._worded(parts[0], negated, within, deciding)
                own: type[And | Or] = And if _all_of(trace, negated) else Or
                words = [self._worded(part, negated, own, deciding) for part in parts]
                joined = _joined(words, _AND if own is And else _OR)
                return joined if within in (own, None) else Bilingual(f"（{joined.zh}）", f"({joined.en})")
            case _:
                return self._said(trace, negated)

    def _facts(self, trace: Trace, subject: int, negated: bool, depth: int = MAX_DEPTH) -> tuple[NamedValue, ...]:
        """What was found of all that decided, not much more than can be said. What is asked twice is visited once."""
        key = (id(trace), subject, negated, depth)
        known = self._known.get(key)
        if known is None:
            found = dict.fromkeys(self._found(trace, subject, negated, depth))
            known = self._known[key] = tuple(found)[: MAX_INNER + 1]
        return known

    def _found(self, trace: Trace, subject: int, negated: bool, depth: int) -> Iterator[NamedValue]:
        match trace.expr:
            case Not():
                yield from self._facts(trace.children[0], subject, not negated, depth)
            case And() | Or():
                for part in _deciding(trace, negated):
                    yield from self._facts(part, subject, negated, depth)
            case Ref(definition) if definition.startswith("outcome:"):
                yield self._outcome(definition.removeprefix("outcome:"), cast(int, trace.value))
            case Ref() if depth > 0 and not isinstance((target := self._target(trace.expr, subject)).expr, Const):
                yield from self._facts(target, subject, negated, depth - 1)
            case Const():
                return
            case _:
                yield NamedValue(self._subject(trace), self._found_in(trace, subject))

    def _told(self, facts: Sequence[NamedValue]) -> Bilingual:
        """What was found, as one text."""
        if facts and all(one.value == NOTHING_KNOWN for one in facts):
            return NOTHING_KNOWN
        return _listed([one.words for one in facts])

    def _outcome(self, policy: str, bits: int) -> NamedValue:
        """What another policy came to."""
        title = self._titles[policy]
        return NamedValue(Bilingual(f"「{title.zh}」", f'"{title.en}"'), STATUSES[STATUS_OF_TRUTH[bits]])

    def _found_in(self, trace: Trace, subject: int) -> Bilingual:
        """What a part without joints came to: its operands, or for whom it holds."""
        if isinstance(trace.expr, Members):
            return self._of_members(trace)
        if isinstance(trace.expr, Const):
            return Bilingual("", "")
        return self._both(lambda lang: self._operands(trace, lang))

    def _subject(self, trace: Trace) -> Bilingual | None:
        """The one thing that a part asks about, if it is one."""
        key = id(trace.expr)
        if key not in self._subjects:
            self._subjects[key] = self._asked_about(trace)
        return self._subjects[key]

    def _asked_about(self, trace: Trace) -> Bilingual | None:
        if isinstance(trace.expr, Cases | Members | Const):
            return None
        parts = trace.children if isinstance(trace.expr, Compare | OneOf) else (trace,)
        named = [expr for part in parts if not isinstance(expr := self._original(part.expr), Const)]
        if len(named) != 1:
            return None
        return self._both(lambda lang: self._speakers[lang].say(named[0]))

    def _of_members(self, trace: Trace) -> Bilingual:
        """Of whether any member fulfils something: who does, or why nobody does."""
        tests = list(enumerate(trace.children))
        bits = trace.value
        chosen = [(i, test) for i, test in tests if test.value == bits]
        if bits == possible.TRUE:
            chosen = chosen[:1]
        if not tests:
            return Bilingual("没有成员", "there are no members")
        if bits == possible.FALSE and len(tests) > FEW_MEMBERS:
            return Bilingual(f"{len(tests)} 名成员均不符", f"none of the {len(tests)} members")
        more = [_ELLIPSIS] if len(chosen) > FEW_MEMBERS else []
        return _listed([*(self._of_member(test, i) for i, test in chosen[:FEW_MEMBERS]), *more], FEW_MEMBERS + 1)

    def _of_member(self, test: Trace, subject: int) -> Bilingual:
        member = _whose(test) or str(subject + 1)
        found = self._told(self._facts(test, subject, False))
        return Bilingual(f"{member}：{found.zh}", f"{member}: {found.en}") if found.zh else Bilingual(member, member)

    # -- words ----------------------------------------------------------------------------------------------------

    def _both(self, make: Callable[[Lang], str]) -> Bilingual:
        return Bilingual(make("zh"), make("en"))

    def _original(self, expr: Expr) -> Expr:
        return self._originals.get(id(expr), expr)

    def _said(self, trace: Trace, negated: bool) -> Bilingual:
        """What is asked; each node is put in words once."""
        key = (id(trace.expr), negated)
        if key not in self._texts:
            self._texts[key] = self._in_words(self._original(trace.expr), negated)
        return self._texts[key]

    def _in_words(self, expr: Expr, negated: bool) -> Bilingual:
        """A part in words. That a truth is given so is said with its answer: `是否享受低保为「是」`."""
        if isinstance(expr, Const):
            holds = (expr.value == possible.TRUE) is not negated
            return Bilingual("无条件", "no condition") if holds else Bilingual("从不", "never")
        if isinstance(expr, Fact) and "." not in expr.name:
            name = self._both(lambda lang: self._speakers[lang].say(expr))
            zh, en = ("否", "no") if negated else ("是", "yes")
            return Bilingual(f"{name.zh}为「{zh}」", f'"{name.en}" is {en}')
        if isinstance(expr, Ref) and negated and expr.definition.startswith("term:"):
            name = self._both(lambda lang: self._speakers[lang].say(expr))
            return Bilingual(f"非「{name.zh}」", f'not "{name.en}"')
        shown: Expr = Not(expr) if negated else expr
        return self._both(lambda lang: self._speakers[lang].say(shown))

    def _operands(self, trace: Trace, lang: Lang) -> str:
        """What the operands were: `59 岁` where one was asked about, else each with its name: `年龄：59 岁`."""
        parts = trace.children if isinstance(trace.expr, Compare | OneOf | Cases) else (trace,)
        known = [part for part in parts if not isinstance(self._original(part.expr), Const)]
        if isinstance(trace.expr, Cases):
            known = [part for part in known if isinstance(part.expr.type, Truth)]
        speaker = self._speakers[lang]
        shown = {speaker.say(self._original(part.expr)): speaker.shown(part.expr.type, part.value) for part in known}
        if len(shown) == 1:
            return next(iter(shown.values()))
        if isinstance(original := self._original(trace.expr), Compare) and len(shown) == 2:
            first, second = reversed(shown.values()) if turned(original) else shown.values()
            return f"前者 {first}，后者 {second}" if lang == "zh" else f"the former {first}, the latter {second}"
        return COMMA[lang].join(f"{name}{COLON[lang]}{value}" for name, value in shown.items())

    def _reason(self, trace: Trace, subject: int, negated: bool, text: Bilingual, value: Bilingual) -> Reason:
        bits = cast(int, trace.value)
        holds = possible.negate(bits) if negated else bits
        place, written = _written(trace.expr.span)
        return Reason(text, value, holds, None, place, written, self._basis(trace, subject, negated))

    def amount(self, rule: Rule, decision: Decision) -> Bilingual | None:
        """The decision's amount with its period."""
        type_ = None if rule.payable is None else self._types.get(rule.payable)
        if type_ is None or decision.amount is None:
            return None
        value = (decision.amount.low, decision.amount.high)
        per = _PER.get(decision.amount.per, Bilingual("", ""))
        zh, en = (self._speakers[lang].shown(type_, value) for lang in _LANGS)
        return Bilingual(per.zh + zh, en + per.en)

    def _amount_of(self, payable: str) -> tuple[str, ...]:
        """What an amount rests on: itself, and what is stated where that is worked out in another form."""
        stated = f"stated:{payable.partition(':')[2]}"
        (expr,) = (one.expr for one in self.snapshot.definitions if one.id == payable)
        named = any(isinstance(node, Ref) and node.definition == stated for node in walk(expr))
        return (payable,) if named or stated not in self.traces else (payable, stated)

    # -- parameters -----------------------------------------------------------------------------------------------

    def parameters(self, rule: Rule) -> tuple[ParameterUse, ...]:
        """Each parameter that took part in the outcome or the amount, once a value."""
        used: dict[ParameterUse, None] = {}
        seen: set[int] = set()
        roots = [rule.outcome] if rule.payable is None else [rule.outcome, *self._amount_of(rule.payable)]
        waiting = [trace for root in reversed(roots) for trace in self.traces[root]]
        while waiting:
            trace = waiting.pop()
            if id(trace) in seen:
                continue
            seen.add(id(trace))
            original = self._original(trace.expr)
            if isinstance(original, Parameter):
                used.setdefault(self._use(original, trace))
            elif isinstance(trace.expr, Ref):
                waiting += self.traces[trace.expr.definition]
            waiting += reversed(trace.children)
        return tuple(used)

    def _use(self, parameter: Parameter, trace: Trace) -> ParameterUse:
        program = self.snapshot.program
        words = program.parameters[parameter.name].words
        label, english = words.zh, words.en
        value = self._both(lambda lang: self._speakers[lang].shown(trace.expr.type, trace.value))
        dated = value_on(program, parameter.name, self.snapshot.validity.start)
        if dated is None or parameter.key not in dated.values:
            return ParameterUse(parameter.name, label, value, None, "", None, english)
        source = f"{dated.basis.source} {dated.basis.clause}".strip()
        return ParameterUse(
            parameter.name, label, value, dated.standing, source, to_date(dated.validity.start), english
        )


def _originals(snapshot: Snapshot) -> dict[int, Expr]:
    """For each node of the snapshot, by identity, the node of the program that it came from."""
    day = snapshot.validity.start
    found: dict[int, Expr] = {}
    for declared, dated in zip(snapshot.program.definitions, snapshot.definitions, strict=True):
        versions = [expr for validity, expr in declared.versions if validity.covers(day)]
        nodes, written = walk(dated.expr), walk(versions[0]) if versions else []
        # an amount may be worked out in a narrower form, in which nothing has been written
        if len(nodes) == len(written) and all(map(_same_kind, nodes, written)):
            found.update((id(node), original) for node, original in zip(nodes, written, strict=True))
    return found


def _same_kind(node: Expr, original: Expr) -> bool:
    return isinstance(original, Parameter) or type(node) is type(original)


def _input_of(trace: Trace) -> frozenset[Need]:
    if not isinstance(trace.expr, Fact):
        return frozenset()
    return frozenset({(trace.expr.name, trace.member if trace.expr.level == "member" else None)})


def _all_of(trace: Trace, negated: bool) -> bool:
    """Whether all parts of an AND or OR must hold, or fail where it is `negated`."""
    return isinstance(trace.expr, And) is not negated


def _deciding(trace: Trace, negated: bool) -> tuple[Trace, ...]:
    """Of an AND or OR the parts that settle it, or that keep it open; one where one is enough."""
    alike = tuple(child for child in trace.children if child.value == trace.value)
    settled = trace.value == (possible.FALSE if negated else possible.TRUE)
    return alike[:1] if settled and not _all_of(trace, negated) else alike


def _merged(reasons: list[Reason]) -> list[Reason]:
    """The same reason of several members becomes one that names them all."""
    merged: dict[Reason, list[Reason]] = {}
    for reason in reasons:
        merged.setdefault(replace(reason, member=None, facts=frozenset()), []).append(reason)
    found = []
    for reason, alike in merged.items():
        members = dict.fromkeys(one.member for one in alike if one.member is not None)
        facts = frozenset().union(*(one.facts for one in alike))
        found.append(replace(reason, member=", ".join(members) or None, facts=facts))
    return found


def _listed(items: list[Bilingual], most: int = MAX_INNER) -> Bilingual:
    """Several short texts as one, no more than `most`."""
    kept = list(dict.fromkeys(item for item in items if item.zh))
    more = ["…"] if len(kept) > most else []
    return Bilingual("；".join([w.zh for w in kept[:most]] + more), "; ".join([w.en for w in kept[:most]] + more))


def _whose(trace: Trace) -> str | None:
    """The member whose trace it is: aggregates carry none themselves."""
    waiting = [trace]
    while waiting:
        found = waiting.pop(0)
        if found.member is not None:
            return found.member
        if not isinstance(found.expr, Members):
            waiting += found.children
    return None


def _precedence(group: Bilingual, other: Bilingual, keep: str) -> Reason:
    highest = Bilingual("取最高", "only the highest is drawn")
    how = highest if keep == "highest" else Bilingual("取在先", "only the first is drawn")
    text = Bilingual(
        f"「{group.zh}」中只享受一项（{how.zh}），已由「{other.zh}」优先",
        f'of "{group.en}" {how.en}, and "{other.en}" takes precedence',
    )
    return Reason(text, Bilingual("", ""), possible.FALSE, None, None, None)


def _not_in_force(rule: Rule, as_of: int) -> Bilingual:
    spans = [_span_words(version.validity) for version in rule.policy.versions]
    day = to_date(as_of).isoformat()
    zh, en = "；".join(span.zh for span in spans), "; ".join(span.en for span in spans)
    return Bilingual(
        f"{day} 时该政策不在施行期内。施行期：{zh}", f"The policy is not in force on {day}. In force: {en}"
    )


def _span_words(validity: Validity) -> Bilingual:
    first, last = to_date(validity.start).isoformat(), to_date(min(validity.end - 1, DAY_MAX)).isoformat()
    match validity.start <= DAY_MIN, validity.end > DAY_MAX:
        case True, True:
            return Bilingual("一直", "always")
        case True, False:
            return Bilingual(f"至 {last}", f"until {last}")
        case False, True:
            return Bilingual(f"{first} 起", f"from {first}")
        case _:
            return Bilingual(f"{first} 至 {last}", f"{first} to {last}")


def _clause(program: Program, ref: ClauseRef) -> Bilingual:
    source = program.sources.get(ref.source)
    number = ref.source if source is None else source.number or source.title.zh
    english = ref.source if source is None else f"{source.title.en} ({ref.source})"
    return Bilingual(f"{number} {ref.clause}".strip(), f"{english} {ref.clause}".strip())


def _joined(items: Sequence[Bilingual], joint: Bilingual) -> Bilingual:
    items = list(dict.fromkeys(items))
    return Bilingual(joint.zh.join(one.zh for one in items), joint.en.join(one.en for one in items))


def _written(span: Span | None) -> tuple[str | None, str | None]:
    """The file and line, and the author's own words."""
    if span is None:
        return None, None
    return f"{span.source.path}:{locate(span.source, span.start).line}", span.text
