"""An explanation: the reasons for a decision and the parameters behind it, as data or as text.

In: what `reasons` has found. Out: JSON, or lines in Chinese or English.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from fupin_policy.core import possible
from fupin_policy.core.bilingual import Bilingual, pick
from fupin_policy.core.decision import Decision, Status
from fupin_policy.core.derived_facts import DerivedFact
from fupin_policy.core.identifiers import FactNeed, Need
from fupin_policy.core.json_data import json_of, json_parts
from fupin_policy.core.missing import Assumed
from fupin_policy.diagnostics import Lang
from fupin_policy.diagnostics.diagnostic import in_language
from fupin_policy.explanation.advice import Advice, said
from fupin_policy.explanation.sum_text import sum_lines
from fupin_policy.explanation.sums import Calculation
from fupin_policy.explanation.used_parameter import ParameterUse
from fupin_policy.prose.missing_facts import derived_lines
from fupin_policy.prose.obtaining import obtain_words
from fupin_policy.prose.sentences import sentence
from fupin_policy.prose.statuses import BY_MEMBER, FORCES, OPEN_BODIES, STATUSES, bodies_by_member, bodies_text
from fupin_policy.prose.wording import COLON, comma_list, in_brackets, trial_lines

NOTHING_KNOWN = sentence("nothing_known")
_AMONG = {True: "among", False: "not_among", None: "perhaps_among"}
_STOP: dict[Lang, str] = {"zh": "、", "en": ", "}
_SEMICOLON: dict[Lang, str] = {"zh": "；", "en": "; "}


@dataclass(frozen=True, slots=True)
class Reason:
    """One part that decided: what it asks, what was found, and whether it holds (0 no, 2 unknown, 3 yes).

    `members` are those whose it is, by their ids, `place` the file and line, `span_text` the author's own words.
    `facts` are the inputs that it rests on, each with the member whose it is: these alone decide it; `assumed` are
    those of them of which something was assumed, as they were not given.
    """

    text: Bilingual
    value: Bilingual
    holds: int
    members: tuple[str, ...] = ()
    place: str | None = None
    span_text: str | None = None
    facts: frozenset[Need] = frozenset()
    assumed: frozenset[Need] = frozenset()

    @property
    def member(self) -> str | None:
        """Whose it is: ids joined by commas, or None for the household."""
        return ", ".join(self.members) or None

    @property
    def taken(self) -> bool | None:
        """Whether all facts that it rests on were assumed (True), some of them (False), or none (None)."""
        return self.assumed == {one for one in self.facts if isinstance(one, FactNeed)} if self.assumed else None

    def as_json(self) -> dict[str, Any]:
        """The reason as plain data."""
        facts = sorted(self.facts, key=_place_of)
        return {
            **json_parts(self, "text", "value"),
            "holds": {possible.FALSE: False, possible.TRUE: True}.get(self.holds),
            **json_parts(self, "member", "place"),
            "source_text": self.span_text,
            "facts": [
                {"fact": need.name, "member": need.member, **({"assumed": True} if need in self.assumed else {})}
                for need in facts
            ],
        }

    def line(self, lang: Lang) -> str:
        """The reason as a line: `满足：m1：年龄不小于 60 岁（实际：60 岁）`."""
        text, value = pick(self.text, lang), pick(self.value, lang)
        colon = COLON[lang]
        whose = f"{comma_list(self.members, lang)}{colon}" if self.members else ""
        found = f"found_{self.holds}" if self.taken is None else "assumed_all" if self.taken else "assumed_some"
        said = pick(sentence("not_known_yet" if self.value == NOTHING_KNOWN else found, value=value), lang)
        beside = in_brackets(said, lang) if value else ""
        return f"{pick(sentence(f'holds_{self.holds}'), lang)}{colon}{whose}{text}{beside}"


def _place_of(need: Need) -> tuple[str, str, int]:
    """Where a fact stands among others: by whose it is, by name, then item by item."""
    item = need.item if isinstance(need, FactNeed) else None
    return (need.member or "", need.name, -1 if item is None else item)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision with its reasons, whether the policy is in force, the parameters behind it, and remarks (`notes`).

    For one that is not eligible, `advice` says what would have to be otherwise. `sum` is how the amount comes about.
    `whom`: why members benefit, or do not, by a policy of the household that chooses among them.
    """

    decision: Decision
    reasons: tuple[Reason, ...]
    in_force: bool
    parameters: tuple[ParameterUse, ...]
    as_of: date
    amount: Bilingual | None
    basis: tuple[Bilingual, ...]
    notes: tuple[Bilingual, ...]
    advice: Advice | None = None
    sum: Calculation | None = None
    trial: tuple[str, ...] = ()
    """The values that are only tried; what is explained is no decision on anybody then."""
    whom: tuple[Reason, ...] = ()
    bodies: tuple[Reason, ...] = ()
    """Why these departments answer, where that is by condition."""
    pays: bool = False
    """Whether it is a contribution: what is paid, not drawn."""
    derived: tuple[DerivedFact, ...] = ()
    """The facts among all these that come from a number of identity."""

    def as_json(self) -> dict[str, Any]:
        """The explanation as plain data, ready for `json.dumps`."""
        return {
            **json_parts(self, "decision", "as_of", *(["trial"] if self.trial else []), "in_force", "reasons", "sum"),
            "beneficiaries": json_of(self.whom),
            **({"departments": json_of(self.bodies)} if self.bodies else {}),
            **json_parts(self, "parameters", "notes", "advice", *(["derived"] if self.derived else [])),
        }

    def text(self, lang: Lang) -> str:
        """Several lines, to be read or read out. Raises UnknownNameError for another language than `zh` and `en`."""
        decision, words = self.decision, STATUSES[self.decision.status]
        colon = in_language(lang, COLON["zh"], COLON["en"])
        status = pick(words.explained, lang)
        lines = [f"{pick(decision.title, lang)}{colon}{status}" + in_brackets(self.as_of.isoformat(), lang)]
        lines += trial_lines(self.trial, lang)
        lines += [f"  {pick(name, lang)}{colon}{text}" for name, text in self._particulars(lang) if text]
        whom, bodies = sentence("whom_pays" if self.pays else "whom"), sentence("which_department")
        for heading, reasons in ((words.heading, self.reasons), (whom, self.whom), (bodies, self.bodies)):
            lines += [f"  {pick(heading, lang)}{colon.rstrip()}"] if reasons else []
            lines += [f"    {reason.line(lang)}" for reason in reasons]
        lines += told_sum(self.sum, lang)
        advised = [] if self.advice is None else self.advice.lines(lang)
        if advised:
            lines.append(f"  {pick(Bilingual('怎样才会符合', 'what would make it eligible'), lang)}{colon.rstrip()}")
            lines += [f"    {line}" for line in advised]
        if decision.missing:
            missing = _STOP[lang].join(pick(said(one), lang) for one in decision.missing)
            lines.append(f"  {pick(sentence('missing'), lang)}{colon}{missing}")
        lines += assumed_lines(decision.assumed, lang)
        lines += derived_lines(self.derived, lang)
        lines += [f"  {pick(note, lang)}" for note in self.notes]
        return "\n".join([*lines, *(f"  {line}" for line in self._remark(lang))])

    def _particulars(self, lang: Lang) -> list[tuple[Bilingual, str]]:
        """What there is to say of the decision itself, under its heading; empty where there is nothing."""
        decision, stop = self.decision, _STOP[lang]
        shown = self.amount is not None and decision.status is not Status.INELIGIBLE
        told = None if decision.obtain is None else obtain_words(decision.obtain, decision.where)
        open_way = "" if told is None or decision.status is Status.INELIGIBLE else pick(told, lang)
        force = "" if decision.force == "entitlement" else pick(FORCES[decision.force].said, lang)
        kind = "paying" if self.pays else "benefiting"
        section = "" if decision.section is None else pick(decision.section.words, lang)
        return [
            (sentence("for"), _audience(decision, lang)),
            (sentence("section"), section),
            (sentence("force"), force),
            (sentence("amount"), pick(self.amount, lang) if self.amount is not None and shown else ""),
            (sentence(kind), stop.join(decision.beneficiaries)),
            (sentence(f"perhaps_{kind}"), stop.join(decision.open_beneficiaries)),
            (sentence("lead"), bodies_text(decision.lead, decision.possible_lead, lang)),
            (sentence("cooperating"), bodies_text(decision.cooperating, decision.possible_cooperating, lang)),
            (BY_MEMBER, bodies_by_member(decision, lang)),
            (OPEN_BODIES, stop.join(pick(said(one), lang) for one in decision.departments_missing)),
            (sentence("to_obtain"), open_way),
            (sentence("basis"), _SEMICOLON[lang].join(pick(one, lang) for one in self.basis)),
        ]

    def _remark(self, lang: Lang) -> list[str]:
        """The figures that were used, whether any is not enacted, and where the rules are written."""
        lines = []
        if self.parameters and self.in_force:
            lines.append(pick(sentence("figures_used"), lang))
            lines += [f"  {use.line(lang)}" for use in self.parameters]
        if self.decision.provisional and self.in_force:
            lines.append(pick(sentence("provisional"), lang))
        places = ((one.place, one.span_text) for one in self.reasons if one.place and one.span_text)
        written = dict.fromkeys((Path(place).name, " ".join(text.split())) for place, text in places)
        if written:
            # the author's words are not translated
            lines.append(pick(sentence("written_in"), lang))
            shown = (f"{place}　{text}" if lang == "zh" else place for place, text in written)
            lines += [f"  {line}" for line in dict.fromkeys(shown)]
        return lines


def _audience(decision: Decision, lang: Lang) -> str:
    """Whom a policy is for, and whether the household is among them; nothing where it is for everybody."""
    if decision.audience is None:
        return ""
    among = pick(sentence(_AMONG[decision.own]), lang)
    return pick(decision.audience.words, lang) + in_brackets(among, lang)


def told_sum(found: Calculation | None, lang: Lang) -> list[str]:
    """How an amount or a figure was worked out, under a heading; no line where there is nothing to be worked out."""
    if found is None:
        return []
    heading = pick(sentence("calculation"), lang)
    return [f"  {heading}{COLON[lang].rstrip()}", *(f"    {line}" for line in sum_lines(found, lang))]


def assumed_lines(assumed: tuple[Assumed, ...], lang: Lang) -> list[str]:
    """What was not given and was assumed, a line each with the reason; no line where nothing was."""
    told = [f"    {one.said(lang)}{in_brackets(pick(one.assumption.why, lang), lang)}" for one in assumed]
    return [f"  {pick(sentence('not_given'), lang)}{COLON[lang].rstrip()}", *told] if told else []


def with_derived(told: Explanation, derived: Iterable[DerivedFact]) -> Explanation:
    """An explanation with those of some facts, that come from numbers of identity, on which its reasons rest."""
    reasons = (*told.reasons, *told.whom, *told.bodies)
    rests = {(need.name, need.member) for reason in reasons for need in reason.facts if isinstance(need, FactNeed)}
    return replace(told, derived=tuple(one for one in derived if (one.name, one.member) in rests))
