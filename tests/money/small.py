"""Small rulesets about money, written out from a few lines: facts, policies, parameters.

In: YAML lists as text. Out: a folder, as `load` takes it. Called by the tests of this folder.
"""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

FACTS = """\
- {name: income, label: 收入, for: household, type: number, unit: 元, range: 0..100000}
- name: salary
  label: 工资
  for: household
  type: number
  unit: 元
  range: 0..100000
  benefits: never_rise
  per: month
"""


def policy(
    name: str,
    when: str,
    amount: str | None,
    per: str = "month",
    kind: str = "cash",
    level: str = "household",
    more: str = "",
    starts: str = "same_day",
) -> str:
    """One policy with one version, as YAML."""
    paid = "" if amount is None else f", amount: '{amount}', per: {per}"
    return (
        f"- id: {name}\n  title: {{zh: {name}项, en: {name}}}\n  for: {level}\n{indent(more, '  ')}"
        f"  versions:\n    - valid: ..\n      when: {when}\n      benefit: {{kind: {kind}{paid}}}\n"
        f"      starts: {starts}\n"
        "      lead: [office]\n      basis: [paper 1.1]\n"
    )


def write(
    folder: Path,
    *policies: str,
    facts: str = FACTS,
    parameters: str = "",
    terms: str = "",
    groups: str = "",
    currency: str = "CNY",
    decimals: int = 2,
    covers: str = "2019-01-01..2020-12-31",
) -> Path:
    """A ruleset's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "ruleset": (
            f"id: small\ntitle: {{zh: 小, en: small}}\ncovers: {covers}\nmembers: 0..5\n"
            "identifiers: {household: 户编号, member: 人编号}\n"
            f"units:\n  - {{name: yuan, label: 元, money: {currency}, decimals: {decimals},\n"
            "     multiples: [{name: fen, label: 分, power: -2}]}\n"
        ),
        "departments": "departments:\n  - {id: office, names: [{valid: .., zh: 局, en: Office}]}\n",
        "sources": "sources:\n  - {id: paper, title: {zh: 文, en: Paper}, issued: 2018-01-01}\n",
        "facts": f"facts:\n{facts}",
        "policies": f"policies:\n{''.join(policies)}{groups}",
        **({"parameters": f"parameters:\n{parameters}"} if parameters else {}),
        **({"terms": f"terms:\n{terms}"} if terms else {}),
    }
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(f"kind: {name}\n{text}", encoding="utf-8")
    return folder
