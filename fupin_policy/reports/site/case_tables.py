"""A condition as a table of cases: one row for each way in which it can hold.

In: an expression. Out: the parts that it looks at, and rows of answers. Called by `rules`.
"""

from __future__ import annotations

from collections.abc import Callable

from fupin_policy.core.expressions import And, Expr, Not, Or

MAX_ROWS = 12
Assignment = dict[str, bool]


def decision_table(expr: Expr, say: Callable[[Expr], str]) -> tuple[list[str], list[Assignment]] | None:
    """The parts as `say` puts them, and the rows; None where there would be too many to be read."""
    rows = _rows(expr, True, say)
    if rows is None:
        return None
    kept = [row for row in rows if row is not None]
    return list(dict.fromkeys(part for row in kept for part in row)), kept


def _rows(expr: Expr, wanted: bool, say: Callable[[Expr], str]) -> list[Assignment] | None:
    match expr:
        case Not(arg):
            return _rows(arg, not wanted, say)
        case And(args) | Or(args):
            parts = [_rows(arg, wanted, say) for arg in args]
            known = [part for part in parts if part is not None]
            if len(known) < len(parts):
                return None
            return _all(known) if isinstance(expr, And) == wanted else _any(known)
        case _:
            return [{say(expr): wanted}]


def _all(parts: list[list[Assignment]]) -> list[Assignment] | None:
    rows: list[Assignment] = [{}]
    for part in parts:
        rows = [{**row, **more} for row in rows for more in part if all(row.get(k, v) == v for k, v in more.items())]
        if len(rows) > MAX_ROWS:
            return None
    return rows


def _any(parts: list[list[Assignment]]) -> list[Assignment] | None:
    rows = [row for part in parts for row in part]
    return rows if len(rows) <= MAX_ROWS else None
