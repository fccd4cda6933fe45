"""Facts that an earlier result tells: of which policy, and whether what they declare can hold what it says.

In: documents, a fact's type. Out: the policy's id; what cannot be one is reported. Called by `declarations`.
"""

from __future__ import annotations

from fupin_policy.check.units import Units
from fupin_policy.core.types import ErrorType, Number, Truth, Type
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import model


def previous_policy(
    doc: model.FactDoc, type_: Type | None, known: Units, documents: model.Documents, reporter: Reporter
) -> str | None:
    """The policy whose earlier result tells a fact; None where it names none, or cannot hold what that says."""
    named = doc.previous
    if named is None or named.text in documents.broken or isinstance(type_, ErrorType):
        return None
    words = {word: policy for policy in documents.policies for word in _words(policy)}
    policy = words.get(named.text)
    if policy is None:
        reporter.report("N104", named.span, suggestion=reporter.suggest(named.text, words), name=named.text)
    elif policy.level != doc.level or doc.level not in ("household", "member"):
        said = {"policy": policy.title.zh, "level": policy.level, "own": doc.level}
        reporter.report("N197", named.span, fact=doc.label.text, **said)
    elif not _holds(doc, type_, known, policy):
        reporter.report("N198", named.span, fact=doc.label.text, policy=policy.title.zh, **_money(known))
    elif doc.required or doc.past:
        reporter.report("N199", named.span, fact=doc.label.text, key="required" if doc.required else "past")
    else:
        return policy.id.text
    return None


def _words(policy: model.PolicyDoc) -> tuple[str, ...]:
    return (policy.id.text, policy.title.zh, policy.title.en)


def _holds(doc: model.FactDoc, type_: Type | None, known: Units, policy: model.PolicyDoc) -> bool:
    """Whether a fact can hold the outcome, every amount that the policy states, or a first day that may be none."""
    match type_:
        case Truth():
            return True
        case Number(unit, scale, _, _):
            stated = any(version.benefit.amount is not None for version in policy.versions)
            return stated and unit == known.amount_unit and scale >= known.decimals.get(known.money or "", 0)
        case _:
            return doc.type == "date" and doc.none is not None


def _money(known: Units) -> dict[str, str]:
    words = known.words(known.amount_unit)
    return {"unit": words.zh, "unit_en": words.en}
