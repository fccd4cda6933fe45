"""The figures that are asked for by name: any term of the household or of members, or of a place.

In: a program, names as people give them. Out: figures. Called by `ruleset` and `analysis`.
"""

from __future__ import annotations

from collections.abc import Iterable

from fupin_policy.core.bilingual import Bilingual, plain
from fupin_policy.core.outputs import FigureDecl
from fupin_policy.core.program import Program, unit_text
from fupin_policy.core.types import Number
from fupin_policy.diagnostics import InputError, Reporter, UnknownNameError


def asked_figures(program: Program, names: Iterable[str]) -> tuple[FigureDecl, ...]:
    """The figures of terms by their names, but for those that are outputs anyway.

    Raises UnknownNameError for what is no term, and InputError for terms of the items of lists, of which a figure has
    no place.
    """
    if not (found := {name: figure_named(program, name) for name in names}):
        return ()
    reporter, terms = Reporter(), (one for one in program.definitions if one.id.part == "term")
    known = [word for one in terms if not one.id.days for word in one.name.both]
    for name, figure in found.items():
        if figure is None:
            reporter.report("N151", "figures", suggestion=reporter.suggest(name, known), name=name)
        elif figure.level in program.item_inputs:
            reporter.report("N211", "figures", name=name)
    reporter.raise_errors(UnknownNameError if None in found.values() else InputError)
    return tuple(dict.fromkeys(one for one in found.values() if one is not None and one not in program.figures))


def figure_named(program: Program, name: str) -> FigureDecl | None:
    """The figure of a term by any of its names, told with all its decimals where it is not declared as an output."""
    for one in program.definitions:
        if one.id.part == "term" and not one.id.days and name in (one.id.name, one.name.zh, one.name.en):
            declared = next((figure for figure in program.figures if figure.definition == one.id), None)
            shown = Bilingual(one.name.zh, plain(one.name.en))
            return declared or FigureDecl(one.id.name, shown, one.level, one.type, _unit(program, one.type))
    return None


def _unit(program: Program, type_: object) -> Bilingual | None:
    if not isinstance(type_, Number) or not type_.unit:
        return None
    zh, en = (unit_text(type_.unit, program.unit_labels, lang) for lang in ("zh", "en"))
    return Bilingual(zh, plain(en))
