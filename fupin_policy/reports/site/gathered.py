"""The pages of all policies, targets, clauses and departments of a ruleset.

In: a program and the folder in which its examples stand. Out: pages as blocks, by kind and name. Called by `site` and
`html_pages`.
"""

from __future__ import annotations

from pathlib import Path

from fupin_policy.analysis.clause_accounts import accounts
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import read
from fupin_policy.reports.site.blocks import Page, PageKind, clause_name
from fupin_policy.reports.site.clauses_departments import clause_page, department_page
from fupin_policy.reports.site.rules import policy_page, target_page


def gathered(program: Program, folder: Path) -> dict[tuple[PageKind, str], Page]:
    """Every page by kind and name, in the order of the ruleset."""
    documents = read(folder, Reporter())
    examples = {policy.id.text: policy.examples for policy in documents.policies}
    examples |= {target.id.text: target.examples for target in documents.targets}
    found: dict[tuple[PageKind, str], Page] = {}
    for one in (program, *program.by_place.values()):
        for policy in one.policies:
            found["policies", policy.id] = policy_page(one, policy, examples[policy.id])
        for target in one.targets:
            found["targets", target.id] = target_page(one, target, examples[target.id])
    for account in accounts(program):
        name = clause_name(account.clause.source, account.clause.id)
        found["clauses", name] = clause_page(program, account)
    for department in program.departments.values():
        found["departments", department.id] = department_page(program, department)
    return found
