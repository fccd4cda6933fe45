"""Parameters' values that somebody tries: on every day they stand in place of those of the files.

In: what was asked for, as `参数.X=150`. Out: the parameters with these values, or diagnostics at it.
Called by `documents` and `ruleset`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from fupin_policy.diagnostics import Reporter, Source, Span
from fupin_policy.documents.model import ParameterDoc
from fupin_policy.documents.parts import Dates, TextDoc, ValueDoc

_PREFIXES = ("参数.", "parameter.")
_WHERE = "--set"


def setting(name: str, value: object) -> str:
    """A parameter's value as it is asked for; a decimal is written without an exponent, as in files."""
    return f"{name}={format(value, 'f') if isinstance(value, Decimal) else value}"


def with_settings(
    parameters: tuple[ParameterDoc, ...], settings: Sequence[str], reporter: Reporter
) -> tuple[ParameterDoc, ...]:
    """The parameters, with the values that are tried."""
    found = {doc.name.text: doc for doc in parameters}
    names = {word: doc.name.text for doc in parameters for word in (doc.label.text, doc.name.text)}
    for asked in settings:
        left, sign, right = asked.partition("=")
        source = Source(_WHERE, asked)
        name = next((left.strip().removeprefix(one) for one in _PREFIXES if left.strip().startswith(one)), left.strip())
        start = len(left) - len(left.lstrip()) + len(left.strip()) - len(name)
        at = Span(source, start, start + len(name))
        if not sign or not name or not right.strip():
            reporter.report("N132", Span(source, 0, len(asked)), value=asked)
        elif name not in names:
            reporter.report("N103", at, suggestion=reporter.suggest(name, names), name=name)
        else:
            doc = found[names[name]]
            begin = len(left) + 1 + len(right) - len(right.lstrip())
            value = TextDoc(right.strip(), Span(source, begin, begin + len(right.strip())))
            dated = ValueDoc(Dates(None, None, at), (), value, "example", None, None)
            found[names[name]] = replace(doc, values=(dated,))
    return tuple(found.values())
