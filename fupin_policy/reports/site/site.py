"""All pages of a ruleset, with a contents page for each kind.

In: a folder. Out: Markdown by path. Called by the documentation's configuration.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fupin_policy.analysis.clause_accounts import accounts
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import read
from fupin_policy.reports.site.clauses_departments import clause_page as clause_text
from fupin_policy.reports.site.clauses_departments import department_page
from fupin_policy.reports.site.markdown import clause_page, plain
from fupin_policy.reports.site.rules import policy_page, target_page
from fupin_policy.ruleset import check_folder


def pages(folder: Path) -> dict[str, str]:
    """Every page of a ruleset by its path, `index.md` among them. Raises RulesetError."""
    program, documents = check_folder(folder), read(folder, Reporter())
    examples = {policy.id.text: policy.examples for policy in documents.policies}
    examples |= {target.id.text: target.examples for target in documents.targets}
    found: dict[str, str] = {}
    for one in (program, *program.by_place.values()):
        for policy in one.policies:
            found[f"policies/{policy.id}.md"] = policy_page(one, policy, examples[policy.id])
        for target in one.targets:
            found[f"targets/{target.id}.md"] = target_page(one, target, examples[target.id])
    for account in accounts(program):
        name = clause_page(account.clause.source, account.clause.id)
        found[f"clauses/{name}.md"] = clause_text(program, account)
    for department in program.departments.values():
        found[f"departments/{department.id}.md"] = department_page(program, department)
    return {**found, **_contents(program, found)}


KINDS = {
    "policies": "政策 / Policies",
    "targets": "目标 / Targets",
    "departments": "部门 / Departments",
    "clauses": "条款 / Clauses",
}


def _contents(program: Program, found: Iterable[str]) -> dict[str, str]:
    listed = {kind: [path.split("/")[1][:-3] for path in found if path.startswith(f"{kind}/")] for kind in KINDS}
    inner = {f"{kind}/index.md": f"# {KINDS[kind]}\n\n" + _tree(names) for kind, names in listed.items()}
    outer = f"# {plain(program.title.zh)}\n\n{plain(program.title.en)}\n\n" + _tree(f"{kind}/index" for kind in KINDS)
    return {**inner, "index.md": outer}


def _tree(names: Iterable[str]) -> str:
    return "```{toctree}\n:maxdepth: 1\n\n" + "\n".join(names) + "\n```\n"
