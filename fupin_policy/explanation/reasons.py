"""What decided: from the traces of a household to the smallest parts of the rules that settled a decision.

In: a snapshot, traces, a decision. Out: an `Explanation`. Called by `ruleset`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from typing import assert_never, cast

from fupin_policy.core import possible
from fupin_policy.core.benefits import Starts, sign
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import DAY_MAX, DAY_MIN, Validity, to_date
from fupin_policy.core.decision import Decision, Status
from fupin_policy.core.expressions import And, Cases, Const, Expr, Items, Not, Or, Ref
from fupin_policy.core.first_days import day_of_assessment
from fupin_policy.core.identifiers import DefinitionId, Need
from fupin_policy.core.policies import Policy
from fupin_policy.core.program import Program, choice_of
from fupin_policy.core.registers import ClauseRef
from fupin_policy.core.snapshot import Rule, Snapshot
from fupin_policy.core.traces import Trace, Traces, as_said, under_options
from fupin_policy.core.types import Number, Truth
from fupin_policy.diagnostics import Span, locate
from fupin_policy.explanation.deciding_parts import DecidingParts, all_must_hold, deciding_parts
from fupin_policy.explanation.explanation import Explanation, Reason
from fupin_policy.explanation.kept_rows import kept_in_words
from fupin_policy.explanation.parameter_uses import parameter_uses
from fupin_policy.explanation.trace_words import OR, NamedValue, TraceWords, joined
from fupin_policy.prose.sentences import semicolons, sentence

MAX_REASONS = 12
MAX_WORDS = 60
"""How long a definition may be, in Chinese, to be told whole beside its name."""


def explain(finder: ReasonFinder, rule: Rule, decision: Decision, as_of: int) -> Explanation:
    """Why a decision on a rule came out as it did, on the same day and for the same household as the finder's."""
    program = finder.snapshot.program
    reasons = [] if rule.version is None else _merged(finder.reasons(rule, decision.status))
    notes = [_not_in_force(rule, as_of)] if rule.version is None else []
    granted = rule.version is not None and decision.status is not Status.INELIGIBLE
    if granted:
        notes += kept_in_words(finder.words, rule)
    notes += [] if rule.version is None else _assessed(rule.version.starts, as_of)
    whom = _merged(finder.beneficiaries(rule)) if granted else []
    if len(reasons) > MAX_REASONS:
        more = len(reasons) - MAX_REASONS
        notes.append(sentence("more_reasons", count=more))
    return Explanation(
        decision,
        tuple(reasons[:MAX_REASONS]),
        rule.version is not None,
        () if rule.version is None else parameter_uses(finder.snapshot, finder.traces, finder.words, rule),
        to_date(as_of),
        finder.amount(rule, decision),
        tuple(clause_words(program, ref) for ref in decision.basis),
        tuple(notes),
        trial=program.trial,
        whom=tuple(whom),
        pays=rule.version is not None and sign(rule.version.benefit.kind) < 0,
        bodies=tuple(_merged(finder.answering(rule)) if granted else ()),
    )


class ReasonFinder:
    """Looks in the interpreter's traces of a snapshot and a household for what decided.

    It may be asked about any of the rules, and looks at what they have in common once. `members`: their ids, in order.
    `assumed`: the facts of which something was assumed.
    """

    def __init__(
        self, snapshot: Snapshot, traces: Traces, members: Sequence[str], assumed: Set[Need] = frozenset()
    ) -> None:
        self.snapshot, self.traces, self.members, self.assumed = snapshot, as_said(traces), members, assumed
        self.deciding = DecidingParts(self.traces)
        self.words = TraceWords(snapshot, self.deciding, members)
        self._types = {one.id: one.type for one in snapshot.definitions}
        self._titles = {policy.id: policy.title for policy in snapshot.program.policies}

    def reasons(self, rule: Rule, status: Status) -> list[Reason]:
        """For each subject (the household, or its members, those who receive first) what decided."""
        found = self.traces[rule.outcome]
        order = sorted(range(len(found)), key=lambda i: -cast(int, found[i].value))
        if status is not Status.INELIGIBLE:
            order = [i for i in order if found[i].value != possible.FALSE]
        if not order:
            return [Reason(sentence("no_members"), Bilingual("", ""), possible.FALSE)]
        of_member = rule.policy.level == "member"
        reasons = []
        for subject in order:
            whose = (self.members[subject],) if of_member else ()
            reasons += [replace(one, members=whose) for one in self._of_subject(rule, subject)]
        return reasons

    def beneficiaries(self, rule: Rule) -> list[Reason]:
        """Of a policy that chooses among the members, for each what decided whether it is for this one."""
        reasons = []
        for subject, trace in enumerate(self.traces[rule.policy.beneficiary] if rule.policy.chooses else ()):
            if choice_of(trace.expr) is not None:
                found = self.causes(trace.children[1], subject, None)
                reasons += [replace(one, members=(self.members[subject],)) for one in found]
        return reasons

    def answering(self, rule: Rule) -> list[Reason]:
        """Of a policy for which it is by condition who answers, what decided that for each to whom it may apply."""
        reasons = []
        for subject, trace in enumerate(self.traces[rule.policy.answering] if rule.policy.answers else ()):
            if self.traces[rule.outcome][subject].value != possible.FALSE:
                whose = (self.members[subject],) if rule.policy.level == "member" else ()
                found = self._choosing(trace, subject)
                reasons += [replace(one, members=whose) for one in found]
        return reasons

    def _choosing(self, trace: Trace, subject: int) -> Iterator[Reason]:
        """What decided which value of a choice it is, and of the choice in that."""
        for part in trace.children:
            if isinstance(part.expr.type, Truth):
                yield from self.causes(part, subject, None)
            else:
                yield from self._choosing(part, subject)

    def _of_subject(self, rule: Rule, subject: int) -> Iterable[Reason]:
        outcome = self.traces[rule.outcome][subject]
        own = self.traces.get(rule.policy.condition)
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
                drawn = [one.value == possible.TRUE for one in self.traces.get(DefinitionId("outcome", other), ())]
                # a household's policy gives way to what any of its members draw, a member's to the household's
                same = drawn[subject : subject + 1] if len(drawn) == len(self.traces[rule.outcome]) else drawn
                if other != rule.policy.id and any(same):
                    said = _precedence(group.title, self._titles[other], group.keep)
                    own = self.traces[rule.outcome][subject]
                    reasons.append(replace(said, facts=self.deciding.basis(own, subject, False)))
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
                parts = deciding_parts(trace, negated)
                if len(parts) == 1 or all_must_hold(trace, negated):
                    for child in parts:
                        yield from self.causes(child, subject, rule, negated)
                else:
                    yield self._any_of(trace, parts, subject, negated)
            case Cases() if options := under_options(trace):
                yield from self._by_options(options, subject, rule, negated)
            case Ref(definition) if rule is not None and definition.whole in (rule.policy.condition, rule.outcome):
                yield from self.causes(self.deciding.target(trace, subject), subject, rule, negated)
            case Ref():
                yield self._reference(trace, trace.expr, subject, negated)
            case _:
                asked, found = self.words.asked(trace, negated), self.words.found_in(trace, subject)
                yield self._reason(trace, subject, negated, asked, found)

    def _by_options(
        self, options: Sequence[tuple[Expr, DefinitionId]], subject: int, rule: Rule | None, negated: bool
    ) -> Iterator[Reason]:
        """What decided under each of the options of open readings, with the option; that alone is no reason."""
        for test, definition in options:
            found = self.traces[definition]
            supposed = self.words.supposed(test)
            reasons = list(self.causes(found[min(subject, len(found) - 1)], subject, rule, negated))
            for reason in [one for one in reasons if one.facts] or reasons:
                yield replace(reason, text=sentence("supposed", supposed=supposed, text=reason.text))

    def _any_of(self, trace: Trace, parts: Sequence[Trace], subject: int, negated: bool) -> Reason:
        """Several parts of which any would do."""
        said = joined([self.words.worded(part, negated, Or) for part in parts], OR)
        return self._reason(trace, subject, negated, said, self.words.listed(self.words.facts(trace, subject, negated)))

    def _reference(self, trace: Trace, ref: Ref, subject: int, negated: bool) -> Reason:
        """A named condition, what it means, and what in it decided."""
        said, facts = self.words.asked(trace, negated), self.words.facts(trace, subject, negated)
        if ref.definition.part == "term" and not negated:
            target = self.deciding.target(trace, subject)
            whole, deciding = (self.words.worded(target, False, None, only) for only in (False, True))
            asked = len(whole.zh) <= MAX_WORDS
            if asked:
                said = sentence("that_is", said=said, whole=whole)
            elif len(deciding.zh) <= MAX_WORDS:
                said = sentence("of_which", said=said, deciding=deciding)
            while isinstance(target.expr, And | Or) and len(target.children) == 1:
                (target,) = target.children
            if not isinstance(target.expr, And | Or | Not | Ref | Items | Const):
                # the one thing asked about was just named
                facts = (NamedValue(None, self.words.found_in(target, subject, asked)),)
        return self._reason(trace, subject, negated, said, self.words.listed(facts))

    def _reason(self, trace: Trace, subject: int, negated: bool, text: Bilingual, value: Bilingual) -> Reason:
        bits = cast(int, trace.value)
        holds = possible.negate(bits) if negated else bits
        place, written = _written(trace.expr.span)
        facts = self.deciding.basis(trace, subject, negated)
        return Reason(text, value, holds, (), place, written, facts, facts & self.assumed)

    def amount(self, rule: Rule, decision: Decision) -> Bilingual | None:
        """The decision's amount with its period."""
        type_ = None if rule.payable is None else self._types.get(rule.payable)
        if type_ is None or decision.amount is None:
            return None
        value = (decision.amount.low, decision.amount.high)
        # both ends even where they are those of all amounts: the sum below ends with them
        shown = self.words.ends(cast(Number, type_), value)
        return sentence(f"amount_per_{decision.amount.per}", amount=shown)


def _merged(reasons: list[Reason]) -> list[Reason]:
    """The same reason of several members becomes one that names them all."""
    merged: dict[tuple[Reason, bool | None], list[Reason]] = {}
    for reason in reasons:
        bare = replace(reason, members=(), facts=frozenset(), assumed=frozenset())
        merged.setdefault((bare, reason.taken), []).append(reason)
    found = []
    for (reason, _), alike in merged.items():
        members = tuple(dict.fromkeys(member for one in alike for member in one.members))
        facts, assumed = (frozenset().union(*each) for each in zip(*((a.facts, a.assumed) for a in alike), strict=True))
        found.append(replace(reason, members=members, facts=facts, assumed=assumed))
    return found


def _precedence(group: Bilingual, other: Bilingual, keep: str) -> Reason:
    return Reason(preference_words(group, other, keep), Bilingual("", ""), possible.FALSE)


def preference_words(group: Bilingual, other: Bilingual, keep: str) -> Bilingual:
    """That of a group another policy is drawn."""
    return sentence("only_highest" if keep == "highest" else "only_first", group=group, other=other)


def _assessed(starts: Starts, as_of: int) -> list[Bilingual]:
    """As of which days circumstances counted, where that is not the day asked about."""
    before, end = (to_date(day_of_assessment(one, as_of)) for one in ("next_month", "same_month"))
    match starts:
        case "same_day":
            return []
        case "next_month":
            return [sentence("assessed_month_before", before=before.isoformat())]
        case "same_month":
            return [sentence("assessed_same_month", end=end.isoformat(), before=before.isoformat())]
        case _:
            assert_never(starts)


def _not_in_force(rule: Rule, as_of: int) -> Bilingual:
    return sentence("not_in_force", day=to_date(as_of).isoformat(), spans=spans_words(rule.policy))


def spans_words(policy: Policy) -> Bilingual:
    """When a policy is in force."""
    return semicolons(_span_words(version.validity) for version in policy.versions)


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


def clause_words(program: Program, ref: ClauseRef) -> Bilingual:
    """A clause as people cite it."""
    source = program.sources.get(ref.source)
    number = ref.source if source is None else source.number or source.title.zh
    english = ref.source if source is None else f"{source.title.en} ({ref.source})"
    return Bilingual(f"{number} {ref.clause}".strip(), f"{english} {ref.clause}".strip())


def _written(span: Span | None) -> tuple[str | None, str | None]:
    """The file and line, and the author's own words."""
    if span is None:
        return None, None
    return f"{span.source.path}:{locate(span.source, span.start).line}", span.text
