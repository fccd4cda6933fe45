"""What decided: from the traces of a household to the smallest parts of the rules that settled a decision.

In: a snapshot, traces, a decision. Out: an `Explanation`. Called by `ruleset`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import cast

from fupin_policy.backends.prose import Lang, say, show_value, turned
from fupin_policy.core import possible
from fupin_policy.core.decision import Decision, Status, Trace
from fupin_policy.core.expressions import (
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
from fupin_policy.core.program import DAY_MAX, DAY_MIN, ClauseRef, Program, Validity, Words, to_date
from fupin_policy.core.snapshot import Rule, Snapshot, value_on
from fupin_policy.core.types import Truth
from fupin_policy.diagnostics import Span, locate
from fupin_policy.explanation.account import COLON, COMMA, NOTHING_KNOWN, Explanation, ParameterUse, Reason

Traces = Mapping[str, tuple[Trace, ...]]

MOST_REASONS, MOST_INNER, FEW_MEMBERS = 12, 3, 3

_PER = {
    "once": Words("一次性 ", " once"),
    "day": Words("每天 ", " a day"),
    "month": Words("每月 ", " a month"),
    "term": Words("每学期 ", " a term"),
    "year": Words("每年 ", " a year"),
}


def explain(snapshot: Snapshot, traces: Traces, decision: Decision, as_of: int) -> Explanation:
    """Why a decision came out as it did. `traces` are the interpreter's, of the same snapshot and household."""
    program = snapshot.program
    rule = next(rule for rule in snapshot.rules if rule.policy.id == decision.policy)
    detective = _Detective(snapshot, traces, _originals(snapshot))
    reasons = [] if rule.version is None else _merged(detective.reasons(rule, decision.status))
    notes = [_not_in_force(rule, as_of)] if rule.version is None else []
    if len(reasons) > MOST_REASONS:
        more = len(reasons) - MOST_REASONS
        notes.append(Words(f"另有 {more} 条类似的理由。", f"and {more} more reasons of the kind."))
    return Explanation(
        decision,
        tuple(reasons[:MOST_REASONS]),
        rule.version is not None,
        () if rule.version is None else detective.parameters(rule),
        to_date(as_of),
        _amount(snapshot, rule, decision),
        tuple(_clause(program, ref) for ref in decision.basis),
        tuple(notes),
    )


@dataclass(frozen=True, slots=True)
class _Detective:
    """Looks in the traces for what decided. `originals` has each node as it was before parameters got values."""

    snapshot: Snapshot
    traces: Traces
    originals: Mapping[int, Expr]

    def reasons(self, rule: Rule, status: Status) -> list[Reason]:
        """For each subject (the household, or its members, those who receive first) what decided."""
        found = self.traces[rule.outcome]
        order = sorted(range(len(found)), key=lambda i: -cast(int, found[i].value))
        if status is not Status.INELIGIBLE:
            order = [i for i in order if found[i].value != possible.FALSE]
        if not order:
            return [Reason(Words("没有成员", "there are no members"), Words("", ""), possible.FALSE, None, None, None)]
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
        settled = outcome.value == when.value and outcome.value != possible.UNKNOWN
        return list(self.causes(when if settled else outcome, subject, rule))

    def _preceded(self, rule: Rule, subject: int) -> list[Reason]:
        """The policies of the same group that are drawn instead."""
        program = self.snapshot.program
        titles = {policy.id: policy.title for policy in program.policies}
        reasons = []
        for group in program.groups:
            if rule.policy.id not in group.policies:
                continue
            for other in group.policies:
                found = self.traces.get(f"outcome:{other}", ())
                if other != rule.policy.id and found and found[min(subject, len(found) - 1)].value == possible.TRUE:
                    reasons.append(_precedence(group.title, titles[other], group.keep))
        return reasons

    # -- the smallest parts that decided --------------------------------------------------------------------------

    def causes(self, trace: Trace, subject: int, rule: Rule | None, negated: bool = False) -> Iterator[Reason]:
        """The deciding parts of a truth. Under an odd number of NOTs (`negated`) a part is said as its contrary."""
        match trace.expr:
            case Not():
                yield from self.causes(trace.children[0], subject, rule, not negated)
            case And() | Or():
                for child in _deciding(trace):
                    yield from self.causes(child, subject, rule, negated)
            case Ref(definition) if rule is not None and definition in (f"when:{rule.policy.id}", rule.outcome):
                yield from self.causes(self._target(trace.expr, subject), subject, rule, negated)
            case Ref():
                yield self._reference(trace, trace.expr, subject, negated)
            case Members():
                yield self._quantified(trace, negated)
            case _:
                yield self._leaf(trace, negated)

    def _target(self, ref: Ref, subject: int) -> Trace:
        return self.traces[ref.definition][subject if ref.level == "member" else 0]

    def _leaf(self, trace: Trace, negated: bool) -> Reason:
        if isinstance(trace.expr, Const):
            said = Words("无条件", "no condition") if trace.expr.value == possible.TRUE else Words("从不", "never")
            return self._reason(trace, negated, said, Words("", ""))
        found = self._both(lambda lang: self._found(trace, lang))
        return replace(self._reason(trace, negated, self._said(trace, negated), found), subject=self._subject(trace))

    def _subject(self, trace: Trace) -> Words | None:
        """The one thing that a part asks about, if it is one."""
        parts = trace.children if isinstance(trace.expr, Compare | OneOf) else (trace,)
        named = [expr for part in parts if not isinstance(expr := self._original(part.expr), Const)]
        if len(named) != 1 or isinstance(trace.expr, Cases):
            return None
        return self._both(lambda lang: say(named[0], self.snapshot.program, lang))

    def _reference(self, trace: Trace, ref: Ref, subject: int, negated: bool) -> Reason:
        """A named condition, and what inside it decided."""
        inner = list(self.causes(self._target(ref, subject), subject, None))
        values = NOTHING_KNOWN
        if trace.value != possible.UNKNOWN or any(one.value != NOTHING_KNOWN for one in inner):
            values = _listed([one.value if len(inner) == 1 and not negated else _with_its_name(one) for one in inner])
        said = self._said(trace, negated)
        if not negated:
            parts = _listed([one.text for one in inner])
            said = Words(f"{said.zh}，即{parts.zh}", f"{said.en}, that is, {parts.en}")
        return self._reason(trace, negated, said, values)

    def _quantified(self, trace: Trace, negated: bool) -> Reason:
        """Whether any member fulfils something: who does, or why nobody does."""
        tests = list(enumerate(trace.children))
        bits = trace.value
        chosen = [(i, test) for i, test in tests if test.value == bits]
        if bits == possible.TRUE:
            chosen = chosen[:1]
        if not tests:
            found = Words("没有成员", "there are no members")
        elif bits == possible.FALSE and len(tests) > FEW_MEMBERS:
            found = Words(f"{len(tests)} 名成员均不符", f"none of the {len(tests)} members")
        else:
            found = _listed([self._of_member(test, i) for i, test in chosen], FEW_MEMBERS)
        return self._reason(trace, negated, self._said(trace, negated), found)

    def _of_member(self, test: Trace, subject: int) -> Words:
        member = _whose(test) or str(subject + 1)
        found = _listed([_with_its_name(one) for one in self.causes(test, subject, None)])
        return Words(f"{member}：{found.zh}", f"{member}: {found.en}") if found.zh else Words(member, member)

    # -- words ----------------------------------------------------------------------------------------------------

    def _both(self, make: Callable[[Lang], str]) -> Words:
        return Words(make("zh"), make("en"))

    def _original(self, expr: Expr) -> Expr:
        return self.originals.get(id(expr), expr)

    def _said(self, trace: Trace, negated: bool) -> Words:
        """What is asked. That a truth is given so is said with its answer: `是否享受低保为「是」`."""
        expr = self._original(trace.expr)
        if isinstance(expr, Fact) and "." not in expr.name:
            name = self._both(lambda lang: say(expr, self.snapshot.program, lang))
            zh, en = ("否", "no") if negated else ("是", "yes")
            return Words(f"{name.zh}为「{zh}」", f'"{name.en}" is {en}')
        if isinstance(expr, Ref) and negated and expr.definition.startswith("term:"):
            name = self._both(lambda lang: say(expr, self.snapshot.program, lang))
            return Words(f"非「{name.zh}」", f'not "{name.en}"')
        shown: Expr = Not(expr) if negated else expr
        return self._both(lambda lang: say(shown, self.snapshot.program, lang))

    def _found(self, trace: Trace, lang: Lang) -> str:
        """What the operands were: `59 岁` where one was asked about, else each with its name: `年龄：59 岁`."""
        parts = trace.children if isinstance(trace.expr, Compare | OneOf | Cases) else (trace,)
        known = [part for part in parts if not isinstance(self._original(part.expr), Const)]
        if isinstance(trace.expr, Cases):
            known = [part for part in known if isinstance(part.expr.type, Truth)]
        program = self.snapshot.program
        shown = {
            say(self._original(part.expr), program, lang): show_value(part.expr.type, part.value, program, lang)
            for part in known
        }
        if len(shown) == 1:
            return next(iter(shown.values()))
        if isinstance(original := self._original(trace.expr), Compare) and len(shown) == 2:
            first, second = reversed(shown.values()) if turned(original) else shown.values()
            return f"前者 {first}，后者 {second}" if lang == "zh" else f"the former {first}, the latter {second}"
        return COMMA[lang].join(f"{name}{COLON[lang]}{value}" for name, value in shown.items())

    def _reason(self, trace: Trace, negated: bool, text: Words, value: Words) -> Reason:
        bits = cast(int, trace.value)
        span = trace.expr.span
        holds = possible.negate(bits) if negated else bits
        return Reason(text, value, holds, None, _place(span), None if span is None else span.text)

    # -- parameters -----------------------------------------------------------------------------------------------

    def parameters(self, rule: Rule) -> tuple[ParameterUse, ...]:
        """Each parameter that took part in the outcome or the amount, once a value."""
        used: dict[ParameterUse, None] = {}
        seen: set[int] = set()
        roots = [rule.outcome] if rule.payable is None else [rule.outcome, rule.payable]
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
        label = program.parameters[parameter.name].label
        value = self._both(lambda lang: show_value(trace.expr.type, trace.value, program, lang))
        dated = value_on(program, parameter.name, self.snapshot.validity.start)
        if dated is None or parameter.key not in dated.values:
            return ParameterUse(parameter.name, label, value, None, "", None)
        source = f"{dated.basis.source} {dated.basis.clause}".strip()
        return ParameterUse(parameter.name, label, value, dated.standing, source, to_date(dated.validity.start))


def _originals(snapshot: Snapshot) -> dict[int, Expr]:
    """For each node of the snapshot, by identity, the node of the program that it came from."""
    day = snapshot.validity.start
    found: dict[int, Expr] = {}
    for declared, dated in zip(snapshot.program.definitions, snapshot.definitions, strict=True):
        versions = [expr for validity, expr in declared.versions if validity.covers(day)]
        if versions:
            pairs = zip(walk(dated.expr), walk(versions[0]), strict=True)
            found.update((id(node), original) for node, original in pairs)
    return found


def _deciding(trace: Trace) -> tuple[Trace, ...]:
    """Of an AND or OR the parts that settle it, or that keep it open."""
    alike = tuple(child for child in trace.children if child.value == trace.value)
    return alike[:1] if isinstance(trace.expr, Or) and trace.value == possible.TRUE else alike


def _merged(reasons: list[Reason]) -> list[Reason]:
    """The same reason of several members becomes one that names them all."""
    merged: dict[Reason, list[str]] = {}
    for reason in reasons:
        members = merged.setdefault(replace(reason, member=None), [])
        if reason.member is not None and reason.member not in members:
            members.append(reason.member)
    return [replace(reason, member=", ".join(ids) if ids else None) for reason, ids in merged.items()]


def _listed(items: list[Words], most: int = MOST_INNER) -> Words:
    """Several short texts as one, no more than `most`."""
    kept = list(dict.fromkeys(item for item in items if item.zh))
    more = ["…"] if len(kept) > most else []
    return Words("；".join([w.zh for w in kept[:most]] + more), "; ".join([w.en for w in kept[:most]] + more))


def _with_its_name(reason: Reason) -> Words:
    """A value after what it is the value of, where it is not the only one spoken of."""
    if not reason.value.zh or reason.subject is None:
        return reason.value
    zh, en = reason.subject.zh, reason.subject.en
    return Words(f"{zh}：{reason.value.zh}", f"{en}: {reason.value.en}")


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


def _precedence(group: Words, other: Words, keep: str) -> Reason:
    highest = Words("取最高", "only the highest is drawn")
    how = highest if keep == "highest" else Words("取在先", "only the first is drawn")
    text = Words(
        f"「{group.zh}」中只享受一项（{how.zh}），已由「{other.zh}」优先",
        f'of "{group.en}" {how.en}, and "{other.en}" takes precedence',
    )
    return Reason(text, Words("", ""), possible.FALSE, None, None, None)


def _not_in_force(rule: Rule, as_of: int) -> Words:
    spans = [_span_words(version.validity) for version in rule.policy.versions]
    day = to_date(as_of).isoformat()
    zh, en = "；".join(span.zh for span in spans), "; ".join(span.en for span in spans)
    return Words(f"{day} 时该政策不在施行期内。施行期：{zh}", f"The policy is not in force on {day}. In force: {en}")


def _span_words(validity: Validity) -> Words:
    first, last = to_date(validity.start).isoformat(), to_date(min(validity.end - 1, DAY_MAX)).isoformat()
    match validity.start <= DAY_MIN, validity.end > DAY_MAX:
        case True, True:
            return Words("一直", "always")
        case True, False:
            return Words(f"至 {last}", f"until {last}")
        case False, True:
            return Words(f"{first} 起", f"from {first}")
        case _:
            return Words(f"{first} 至 {last}", f"{first} to {last}")


def _amount(snapshot: Snapshot, rule: Rule, decision: Decision) -> Words | None:
    found = next((one for one in snapshot.definitions if one.id == rule.payable), None)
    if found is None or decision.amount is None:
        return None
    value = (decision.amount.low, decision.amount.high)
    zh, en = (show_value(found.type, value, snapshot.program, lang) for lang in ("zh", "en"))
    per = _PER.get(decision.amount.per, Words("", ""))
    return Words(per.zh + zh, en + per.en)


def _clause(program: Program, ref: ClauseRef) -> Words:
    source = program.sources.get(ref.source)
    number = ref.source if source is None else source.number or source.title.zh
    english = ref.source if source is None else f"{source.title.en} ({ref.source})"
    return Words(f"{number} {ref.clause}".strip(), f"{english} {ref.clause}".strip())


def _place(span: Span | None) -> str | None:
    return None if span is None else f"{span.source.path}:{locate(span.source, span.start).line}"
