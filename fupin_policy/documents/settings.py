"""Parameters' values that somebody tries: on every day they stand in place of those of the files.

In: what was asked for, as `参数.X=150`. Out: the parameters with these values, or diagnostics at it.
Called by `documents` and `ruleset`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from fupin_policy.core.declarations import READING
from fupin_policy.diagnostics import Reporter, Source, Span
from fupin_policy.documents.model import ParameterDoc
from fupin_policy.documents.parts import Dates, TextDoc, ValueDoc

_PREFIXES = ("参数.", "parameter.")
_WHERE = "--set"
ALL = ("all", "全部")
"""How all readings are named at once."""


def tried(settings: Iterable[str], values: Mapping[str, object], open_readings: Iterable[str]) -> tuple[str, ...]:
    """All that is asked for; a decimal is written without an exponent, as in files."""
    said = {name: format(one, "f") if isinstance(one, Decimal) else one for name, one in values.items()}
    return (*settings, *(f"{name}={one}" for name, one in said.items()), *map(opened, open_readings))


def opened(reading: str) -> str:
    """The setting by which a reading, or by a word of `ALL` each of them, is left open."""
    head, name = READING.zh, reading.strip()
    for word in READING.both:
        name = name.removeprefix(f"{word}.")
    return f"{head}=未知" if name in ALL else f"{head}.{name}=未知"


def with_settings(
    parameters: tuple[ParameterDoc, ...], settings: Sequence[str], reporter: Reporter
) -> tuple[ParameterDoc, ...]:
    """The parameters, with the values that are tried."""
    found = {doc.name.text: doc for doc in parameters}
    names = {word: doc.name.text for doc in parameters for word in _names(doc)}
    for asked in settings:
        left, sign, right = asked.partition("=")
        source = Source(_WHERE, asked)
        name = next((left.strip().removeprefix(one) for one in _PREFIXES if left.strip().startswith(one)), left.strip())
        start = len(left) - len(left.lstrip()) + len(left.strip()) - len(name)
        at = Span(source, start, start + len(name))
        if not sign or not name or not right.strip():
            reporter.report("N132", Span(source, 0, len(asked)), value=asked)
        elif name not in names and name not in READING.both:
            head, _, rest = name.partition(".")
            code, said = ("N185", rest) if head in READING.both else ("N103", name)
            reporter.report(code, at, suggestion=reporter.suggest(name, names), name=said)
        else:
            begin = len(left) + 1 + len(right) - len(right.lstrip())
            value = TextDoc(right.strip(), Span(source, begin, begin + len(right.strip())))
            dated = ValueDoc(Dates(None, None, at), (), value, "example", None, None)
            meant = [names[name]] if name in names else [doc.name.text for doc in parameters if doc.reading]
            found |= {one: replace(found[one], values=(dated,)) for one in meant}
    return tuple(found.values())


def _names(doc: ParameterDoc) -> tuple[str, ...]:
    """What a parameter is called; a reading by its label or its id, in either language's form."""
    written = (doc.label.text, doc.name.text)
    if not doc.reading:
        return written
    return tuple(f"{head}.{one.partition('.')[2]}" for head in READING.both for one in written)
