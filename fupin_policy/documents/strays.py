"""What stands in an entry that could not be read as a whole, so that the mistakes in its parts are found too.

In: the entry. Out: a `StrayDoc`. Called by `documents.model_builder`.
"""

from __future__ import annotations

from contextlib import suppress

from fupin_policy.documents import model
from fupin_policy.documents.entry_reader import EntryReader, MalformedEntry
from fupin_policy.documents.parts import ExpressionDoc, RuleBodyDoc, TextDoc, asked_of_bodies, named_bodies
from fupin_policy.documents.reader import YamlMapping, YamlScalar, YamlSequence


def stray_in(entry: EntryReader, kind: str) -> model.StrayDoc:
    """The expressions and the names that an entry holds, wherever in it; examples are no part of a rule."""
    level = entry.node.get("for")
    rules = kind in ("terms", "policies", "targets", "audiences", "checks")
    conditions: list[ExpressionDoc] = []
    values: list[RuleBodyDoc] = []
    bodies: list[TextDoc] = []
    basis: list[TextDoc] = []
    waiting = [entry]
    while waiting:
        here = waiting.pop()
        for key, value in here.node.entries:
            with suppress(MalformedEntry):
                match key.text:
                    case "when" | "applies" if rules:
                        conditions.append(here.expression(key.text))
                    case "must" if rules:
                        conditions.append(here.expression(key.text))
                    case "keep" | "reach" if kind == "targets":
                        conditions.append(here.expression(key.text))
                    case "amount" | "value" if rules:
                        values.append(here.value(key.text))
                    case "lead" | "cooperating":
                        bodies += named_bodies(answering := here.bodies(key.text))
                        conditions += asked_of_bodies(answering)
                    case "basis":
                        basis += here.texts(key.text)
                    case "source" if kind == "parameters":
                        basis.append(here.text(key.text))
                    case "examples":
                        pass
                    case _:
                        inner = value.items if isinstance(value, YamlSequence) else (value,)
                        waiting += [here.of(item) for item in inner if isinstance(item, YamlMapping)]
    word = level.text if isinstance(level, YamlScalar) else "member"
    return model.StrayDoc(word, tuple(conditions), tuple(values), tuple(bodies), tuple(basis))
