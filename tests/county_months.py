"""Small months of a county for the tests of several rooms: households by hand, as the tables of a registry.

In: households as tuples, a folder. Out: two CSV files. Called by the tests of batches and of the command `month`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

LESSON = Path(__file__).parents[1] / "docs" / "examples" / "lesson"

Household = tuple[str, str, str, Sequence[tuple[str, str]]]
"""A town, whether on the allowance, medical cost, and of each member the date of birth and the disability."""


def registry(folder: Path, households: Iterable[tuple[str, Household]]) -> list[str]:
    """The files of households with their ids: what a command or a job is given."""
    folder.mkdir(parents=True, exist_ok=True)
    own, inner = ["户编号,乡镇,享受低保,医疗费用"], ["户编号,人编号,出生日期,残疾等级"]
    for name, (town, allowed, cost, members) in households:
        own.append(f"{name},{town},{allowed},{cost}")
        inner += [f"{name},{name}-{at},{born},{level}" for at, (born, level) in enumerate(members, 1)]
    files = folder / "户.csv", folder / "人.csv"
    for path, lines in zip(files, (own, inner), strict=True):
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return [str(path) for path in files]
