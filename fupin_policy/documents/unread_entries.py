"""What stands in an entry that could not be read as a whole, so that the mistakes in its parts are found too.

In: the entry. Out: `StrayDoc`s. Called by `documents.model_builder`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from fupin_policy.documents import model
from fupin_policy.documents.entry_reader import EntryReader, MalformedEntry
from fupin_policy.documents.parts import Dates, ExpressionDoc, RuleBodyDoc, TextDoc, asked_of_bodies, named_bodies
from fupin_policy.documents.reader import YamlMapping, YamlScalar, YamlSequence


def strays_in(entry: EntryReader, kind: str) -> Iterator[model.StrayDoc]:
    """The expressions and the names that an entry holds, wherever in it, what has dates of its own apart.

    Examples are no part of a rule.
    """
    level = entry.node.get("for")
    word = level.text if isinstance(level, YamlScalar) else "member"
    dated: list[tuple[EntryReader, Dates | None]] = [(entry, None)]
    for part, valid in dated:
        found, below = _stray(part, kind, word, valid)
        yield found
        dated += below


def _stray(
    entry: EntryReader, kind: str, level: str, valid: Dates | None
) -> tuple[model.StrayDoc, list[tuple[EntryReader, Dates | None]]]:
    """What a part holds on its dates; and the parts of it that have others."""
    rules = kind in ("terms", "policies", "targets", "audiences", "checks")
    dated: list[tuple[EntryReader, Dates | None]] = []
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
                    case "when" | "applies" | "must" if rules:
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
                        for part in (here.of(item) for item in inner if isinstance(item, YamlMapping)):
                            own = _dates(part)
                            waiting += [part] if own is None else []
                            dated += [] if own is None else [(part, own)]
    return model.StrayDoc(level, tuple(conditions), tuple(values), tuple(bodies), tuple(basis), valid), dated


def _dates(entry: EntryReader) -> Dates | None:
    """The dates of a part, if it has some and they can be read."""
    with suppress(MalformedEntry):
        return entry.dates("valid")
    return None
