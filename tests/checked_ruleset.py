"""A ruleset of a few lines, checked: what is reported, and the rules where nothing is wrong."""

from __future__ import annotations

from pathlib import Path

from fupin_policy import Ruleset
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import Diagnostic, Reporter, RulesetError
from fupin_policy.evaluators.wasm import compile_program
from fupin_policy.ruleset import check_folder

BASE = {
    "ruleset.yaml": """kind: ruleset
id: small
title: {zh: 小规则集, en: Small}
covers: 2018-01-01..2020-12-31
members: 1..5
units:
  - {name: yuan, label: 元, money: CNY, decimals: 2, multiples: [{name: wan_yuan, label: 万元, power: 4},
      {name: fen, label: 分, power: -2}]}
""",
    "facts.yaml": """kind: facts
code_lists:
  - {name: town, places: town}
facts:
  - {name: a, label: 甲, for: household, type: truth}
  - {name: b, label: 乙, for: household, type: truth}
  - {name: c, label: 丙, for: household, type: truth}
  - {name: income, label: 收入, for: household, type: number, unit: 元, range: 0..1000000}
  - {name: town, label: 乡镇, for: household, type: code, codes: town}
  - {name: born, label: 出生日期, for: member, type: date, range: 1900-01-01.., past: true}
""",
    "places.yaml": """kind: places
places:
  - {name: east, label: 东镇, kind: town}
  - {name: west, label: 西镇, kind: town}
""",
    "departments.yaml": """kind: departments
departments: [{id: civil, names: [{valid: .., zh: 民政局, en: Civil Affairs}]}]
""",
    "sources.yaml": """kind: sources
sources: [{id: s, title: {zh: 来源, en: Source}}]
""",
}


def policy(when: str, amount: str | None = None, id_: str = "p", title: str = "{zh: 政策, en: Policy}") -> str:
    """A file with one policy for households."""
    benefit = "{kind: service}" if amount is None else f"{{kind: cash, amount: {amount}, per: month}}"
    return f"""kind: policies
policies:
  - id: {id_}
    title: {title}
    for: household
    versions:
      - {{valid: .., when: {when}, benefit: {benefit}, lead: [民政局], basis: [s]}}
"""


def written(folder: Path, *files: str, **replaced: str) -> Path:
    """The folder, with the small ruleset, `files` added, and files of it replaced: `facts="…"`."""
    folder.mkdir(exist_ok=True)
    for name, text in BASE.items():
        (folder / name).write_text(replaced.get(name.removesuffix(".yaml"), text), encoding="utf-8")
    for number, text in enumerate(files):
        (folder / f"more{number}.yaml").write_text(text, encoding="utf-8")
    return folder


def checked(folder: Path, *files: str, **replaced: str) -> tuple[Program | None, list[Diagnostic]]:
    """The program and everything reported, warnings too."""
    reporter = Reporter()
    try:
        return check_folder(written(folder, *files, **replaced), reporter), list(reporter.diagnostics)
    except RulesetError:
        return None, list(reporter.diagnostics)


def loaded(folder: Path, *files: str, **replaced: str) -> Ruleset:
    """The ruleset, of which nothing must be reported."""
    program, found = checked(folder, *files, **replaced)
    assert program is not None and found == []
    return Ruleset(program, compile_program(program))


def told(found: list[Diagnostic]) -> list[tuple[str, str, str]]:
    """Code, place and the text that is pointed at."""
    return [(one.code, one.place.rpartition("/")[2], "" if one.span is None else one.span.text) for one in found]
