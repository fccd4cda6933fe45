"""Small rulesets, written for one test each.

In: facts, policies, terms and code lists as YAML. Out: a loaded ruleset. Called by the tests beside it.
"""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

from fupin_policy import Ruleset, load

FILES = {
    "ruleset": """\
        kind: ruleset
        id: small
        title: {zh: 小规则集, en: Small}
        covers: 2019-01-01..2020-12-31
        members: 0..40
        units: [{name: euro, label: 欧元, money: EUR, decimals: 2}]
        """,
    "sources": "kind: sources\nsources: [{id: s, number: S, title: {zh: 来源, en: Source}, issued: 2018-01-01}]\n",
    "departments": "kind: departments\ndepartments: [{id: d, names: [{valid: .., zh: 某局, en: Bureau}]}]\n",
}
GRADE = """\
code_lists:
  - name: grade
    codes:
      - {code: "1", name: one, label: 一级}
      - {code: "2", name: two, label: 二级}
      - {code: "9", name: none_given, label: 无级}
"""
DAY = "2019-06-30"


def written(
    folder: Path, facts: str, policies: str, terms: str = "", lists: str = "", departments: str = ""
) -> Ruleset:
    """A ruleset of these facts and policies."""
    parts = {
        **FILES,
        **({"departments": departments} if departments else {}),
        "facts": f"kind: facts\n{lists}facts:\n{indent(dedent(facts), '  ')}",
        "policies": f"kind: policies\npolicies:\n{policies}",
        **({"terms": f"kind: terms\nterms:\n{indent(dedent(terms), '  ')}"} if terms else {}),
    }
    for name, text in parts.items():
        (folder / f"{name}.yaml").write_text(dedent(text), encoding="utf-8")
    return load(folder, cache=False)


def policy(when: str, level: str = "household", amount: str = "", name: str = "p", valid: str = "..") -> str:
    """One policy as YAML."""
    paid = f"kind: cash, amount: '{amount}', per: month" if amount else "kind: service"
    return (
        f"  - id: p.{name}\n    title: {{zh: 政策{name}, en: Policy {name}}}\n    for: {level}\n    versions:\n"
        f"      - {{valid: {valid}, when: '{when}', benefit: {{{paid}}}, lead: [某局], basis: [s]}}\n"
    )
