"""Which unknown facts a value rests on.

In: traces of one household. Out: the facts that must be known to settle a definition. Called by `builder`.
Sufficient: a part that is settled stays settled, so knowing what stands below the unsettled parts settles the whole.
"""

from __future__ import annotations

from collections.abc import Iterable

from fupin_policy.core import possible
from fupin_policy.core.decision import Trace, Traces
from fupin_policy.core.expressions import Aggregate, Fact, Members, Ref, Unknown, walk
from fupin_policy.core.policies import Policy
from fupin_policy.core.program import Definition, Program
from fupin_policy.core.snapshot import Snapshot

Need = tuple[str, str | None]
"""The name of an input (or `parameter.NAME`), and the member whose it is, or None."""


def facts_under(definitions: Iterable[Definition]) -> dict[str, tuple[str, ...]]:
    """By definition, in order of dependency, the inputs that it rests on in any of its versions."""
    found: dict[str, tuple[str, ...]] = {}
    for definition in definitions:
        nodes = [node for _, expr in definition.versions for node in walk(expr)]
        own = [node.name for node in nodes if isinstance(node, Fact)]
        below = [fact for node in nodes if isinstance(node, Ref) for fact in found[node.definition]]
        found[definition.id] = tuple(dict.fromkeys([*own, *below]))
    return found


def terms_of(program: Program) -> dict[str, list[str]]:
    """By every word for a term the labels of the facts that it is worked out from."""
    labels = {fact.name: fact.label for fact in program.facts}
    under = facts_under(program.definitions)
    found: dict[str, list[str]] = {}
    for one in program.definitions:
        if one.id.startswith("term:"):
            facts = list(dict.fromkeys(labels.get(name := fact.partition(".")[0], name) for fact in under[one.id]))
            found[one.name.zh] = found[one.name.en] = facts
    return found


def needs_of_rules(snapshot: Snapshot, traces: Traces, members: tuple[str, ...]) -> tuple[tuple[Need, ...], ...]:
    """For each rule the inputs that keep its outcome or its amount open, for any of its subjects."""
    return tuple(
        tuple(
            dict.fromkeys(
                need
                for part in (rule.outcome, rule.payable)
                if part is not None
                for subject in range(len(traces[part]))
                for need in unsettled(traces, members, part, subject)
            )
        )
        for rule in snapshot.rules
    )


def unsettled(traces: Traces, members: tuple[str, ...], definition: str, subject: int) -> list[Need]:
    """The inputs that keep a definition open for a subject (a member's position, or 0 for a household's)."""
    found: dict[Need, None] = {}
    seen: set[int] = set()
    waiting = [traces[definition][subject]]
    while waiting:
        trace = waiting.pop()
        if id(trace) in seen or possible.is_singleton(trace.expr.type, trace.value):
            continue
        seen.add(id(trace))
        match trace.expr:
            case Fact(name, level):
                found.setdefault((name, trace.member if level == "member" else None))
            case Unknown(parameter):
                found.setdefault((f"parameter.{parameter}", None))
            case Ref(target, level):
                position = members.index(trace.member) if level == "member" and trace.member is not None else 0
                waiting.append(traces[target][position])
            case Members() as node:
                waiting.extend(reversed(_of_members(node, trace)))
            case _:
                waiting.extend(reversed(trace.children))
    return list(found)


def _of_members(node: Members, trace: Trace) -> list[Trace]:
    """A member surely left out has no say in a sum or extreme; the default has none where one is surely in."""
    if node.value is None:
        return list(trace.children)
    count = (len(trace.children) - (node.default is not None)) // 2
    where, values = trace.children[:count], trace.children[count : 2 * count]
    kept = [value for test, value in zip(where, values, strict=True) if test.value != possible.FALSE]
    rest = list(trace.children[2 * count :])
    if node.aggregate is not Aggregate.SUM and any(test.value == possible.TRUE for test in where):
        rest = []
    return [*where, *kept, *rest]


def facts_read(dated: Snapshot, policy: Policy) -> set[str]:
    """The names of all inputs that a policy's outcome and amount rest on."""
    definitions = {one.id: one for one in dated.definitions}
    waiting, seen, found = results_of(policy), set[str](), set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for node in walk(definitions[name].expr):
            if isinstance(node, Fact):
                found.add(node.name)
            elif isinstance(node, Ref):
                waiting.append(node.definition)
    return found


def results_of(policy: Policy) -> list[str]:
    """The definitions that a policy comes to: its outcome, and its amount if it has one."""
    return [f"outcome:{policy.id}", *([f"payable:{policy.id}"] if policy.has_amount else [])]
