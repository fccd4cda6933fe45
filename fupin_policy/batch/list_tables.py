"""Which list a table is of, as it is told beside the tables of households and members.

In: names or labels of lists with their tables. Out: the lists. Called by `run` and the command line.
"""

from __future__ import annotations

from collections.abc import Iterable

from fupin_policy.core.declarations import ListDecl
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import InputError, Reporter


def named_lists(program: Program, given: Iterable[tuple[str, str]]) -> list[tuple[ListDecl, str]]:
    """The lists of a program that are named, each with its table. Raises InputError for no such list, or one twice."""
    known = {key: one for one in program.lists for key in one.keys}
    reporter, found = Reporter(), dict[str, tuple[ListDecl, str]]()
    for name, table in given:
        declared = known.get(name)
        if declared is None:
            reporter.report("B210", "--list", suggestion=reporter.suggest(name, known), name=name)
        elif declared.name in found:
            reporter.report("B211", "--list", name=declared.label)
        else:
            found[declared.name] = (declared, table)
    reporter.raise_errors(InputError)
    return [*found.values()]
