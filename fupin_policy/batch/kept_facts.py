"""Which facts go with each decision of a run.

In: a program, and names if somebody names them. Out: the facts. Called by `run` and `spark`.
"""

from __future__ import annotations

from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.program import Program
from fupin_policy.decisions.responsibility import filing_places
from fupin_policy.diagnostics import Reporter


def kept_facts(program: Program, names: tuple[str, ...] | None, reporter: Reporter) -> tuple[FactDecl, ...]:
    """The facts that go with each decision: those named, or names (texts) and the places that departments go by."""
    inside = {one.name for one in program.lists}
    if names is None:
        places = filing_places(program)
        texts = {fact.name for fact in program.facts if fact.kind == "text" and fact.number is None}
        others = {"village", *inside}
        return tuple(fact for fact in program.facts if fact.level not in others and fact.name in texts | set(places))
    known = {key: fact for fact in program.facts for key in fact.keys}
    for name in names:
        if name not in known:
            reporter.report("B106", name, name=name)
        elif known[name].number is not None:
            reporter.report("B200", name, name=name)
        elif known[name].level in inside:
            reporter.report("B216", name, name=name)
    return tuple(dict.fromkeys(known[name] for name in names if name in known))
