"""The pages of a ruleset as HTML, to be opened from a disk: nothing is fetched, and all that a page needs is in it.

In: a ruleset and its folder. Out: HTML by path. Called by `cli`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fupin_policy.analysis.clause_accounts import every_policy, every_target
from fupin_policy.analysis.examples import day_of_examples
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import DAY_MAX, DAY_MIN, Validity, to_date
from fupin_policy.core.policies import Policy
from fupin_policy.core.program import Program
from fupin_policy.core.registers import Clause
from fupin_policy.decisions.responsibility import name_on
from fupin_policy.prose.wording import trial_lines
from fupin_policy.reports.pages import TEMPLATES, page_of
from fupin_policy.reports.site.blocks import Page, PageKind, clause_name
from fupin_policy.reports.site.calculator import calculator_data, calculator_script
from fupin_policy.reports.site.condition_ladders import condition_ladders
from fupin_policy.reports.site.gathered import gathered
from fupin_policy.reports.site.parameter_values import HEADS, used_definitions, value_rows
from fupin_policy.reports.site.value_charts import chart
from fupin_policy.ruleset import Ruleset

KINDS: dict[PageKind, Bilingual] = {
    "policies": Bilingual("政策", "policies"),
    "targets": Bilingual("目标", "targets"),
    "departments": Bilingual("部门", "departments"),
    "clauses": Bilingual("条款", "clauses"),
}
_OTHERS = Bilingual("其他", "others")
"""Policies that are in no section and that nobody leads in every case."""
STYLE = "site/site.css"


@dataclass(frozen=True, slots=True)
class ContentsLine:
    """A line of the contents: what it leads to, what is said of it, when it is so."""

    address: str
    title: str
    said: str
    beside: str = ""
    validities: tuple[Validity, ...] = ()


@dataclass(frozen=True, slots=True)
class ContentsGroup:
    """Lines of the contents under one head, "" where they have none: a section of policies or who leads them, a
    document with its clauses."""

    title: str | Bilingual
    entries: tuple[ContentsLine, ...]


def html_pages(ruleset: Ruleset, folder: Path) -> Iterator[tuple[str, str]]:
    """Every page by its path. Raises RulesetError."""
    program = ruleset.program
    found = gathered(program, folder)
    site = SitePages(ruleset, frozenset(kind for kind, _ in found), day_of_examples(folder))
    yield "index.html", site.contents()
    yield "calculator.html", site.calculator()
    yield "parameters.html", site.parameters()
    for (kind, name), page in found.items():
        yield f"{kind}/{name}.html", site.page(kind, page)


@dataclass(frozen=True, slots=True)
class SitePages:
    """The pages of one ruleset; `kinds` are those of which there are any, `day` is the one of most examples."""

    ruleset: Ruleset
    kinds: frozenset[PageKind]
    day: str | None

    @property
    def program(self) -> Program:
        """The ruleset's program."""
        return self.ruleset.program

    def page(self, kind: PageKind, page: Page) -> str:
        """The page of a policy, target, clause or department."""
        found = {"page": page, "above": KINDS[kind], "kind": kind}
        return self.written("site/page.html", found, page.title, "../")

    def contents(self) -> str:
        """The first page: everything with a link, to be searched."""
        groups = {
            "policies": self._policies(),
            "targets": self._targets(),
            "departments": self._departments(),
            "parameters": self._parameters(),
            "clauses": self._clauses(),
        }
        kept = {name: some for name, some in groups.items() if any(one.entries for one in some)}
        names = {str(kind): words for kind, words in KINDS.items()} | {"parameters": Bilingual("参数", "parameters")}
        return self.written("site/index.html", {"groups": kept, "names": names}, self.program.title.zh, "")

    def parameters(self) -> str:
        """All parameters with their values over time."""
        uses = used_definitions(self.program.definitions)
        shown = [
            (one, chart(self.program, one), tuple(value_rows(self.program, one, uses)))
            for one in self.program.parameters.values()
            if one.values
        ]
        return self.written("site/parameters.html", {"parameters": shown, "heads": HEADS}, "参数", "")

    def calculator(self) -> str:
        """The page on which a household is decided."""
        ladders = tuple(condition_ladders(self.program))
        data: dict[str, object] = {**calculator_data(self.ruleset, self.day), "ladders": ladders}
        return self.written("site/calculator.html", data, "填一户，算一算", "", calculator_script())

    def written(self, template: str, found: dict[str, object], title: str, up: str, script: str = "") -> str:
        """A page of a template."""
        program = self.program
        first, last = program.covers.start, program.covers.end - 1
        ours: dict[str, object] = {
            "title": title,
            "up": up,
            "kinds": {kind: words for kind, words in KINDS.items() if kind in self.kinds},
            "ruleset": program,
            "covers": (to_date(first).isoformat(), to_date(last).isoformat()),
            "trial": [line.strip() for line in trial_lines(program.trial, "zh")],
            "ends": _ends,
        }
        common = (TEMPLATES / "site" / "site.js").read_text(encoding="utf-8")
        return page_of(template, {**ours, **found}, "zh", STYLE, common + script)

    def _policies(self) -> list[ContentsGroup]:
        """Policies by their sections, or without one by who leads first; groups stand as their first ones do."""
        titles: dict[str, Bilingual] = {}
        groups: dict[str, list[ContentsLine]] = {}
        for policy in every_policy(self.program):
            version = policy.versions[-1]
            lead = "、".join(self._body(one, version.validity).zh for one in version.lead)
            times = tuple(one.validity for one in policy.versions)
            entry = ContentsLine(f"policies/{policy.id}.html", policy.title.zh, policy.title.en, lead, times)
            key, words = self._group(policy)
            titles.setdefault(key, words)
            groups.setdefault(key, []).append(entry)
        return [ContentsGroup(titles[key], tuple(some)) for key, some in groups.items()]

    def _group(self, policy: Policy) -> tuple[str, Bilingual]:
        """Under what a policy stands, told apart, and what that is called."""
        version = policy.versions[-1]
        if policy.section is not None:
            return f"section {policy.section.name}", policy.section.words
        if not version.lead:
            return "", _OTHERS
        return f"lead {version.lead[0]}", self._body(version.lead[0], version.validity)

    def _targets(self) -> list[ContentsGroup]:
        entries = (
            ContentsLine(f"targets/{one.id}.html", one.title.zh, one.title.en, "", (one.validity,))
            for one in every_target(self.program)
        )
        return [ContentsGroup("", tuple(entries))]

    def _departments(self) -> list[ContentsGroup]:
        entries = (
            ContentsLine(f"departments/{one.id}.html", one.names[-1].name.zh, one.names[-1].name.en)
            for one in self.program.departments.values()
        )
        return [ContentsGroup("", tuple(entries))]

    def _parameters(self) -> list[ContentsGroup]:
        entries = (
            ContentsLine(f"parameters.html#{one.name}", one.words.zh, one.words.en)
            for one in self.program.parameters.values()
            if one.values
        )
        return [ContentsGroup("", tuple(entries))]

    def _clauses(self) -> list[ContentsGroup]:
        return [
            ContentsGroup(
                f"{source.number or ''}{source.title.zh}",
                tuple(_clause(one) for one in source.clauses.values()),
            )
            for source in self.program.sources.values()
            if source.clauses
        ]

    def _body(self, department: str, validity: Validity) -> Bilingual:
        return name_on(self.program.departments[department], validity.start)


def _clause(clause: Clause) -> ContentsLine:
    address = f"clauses/{clause_name(clause.source, clause.id)}.html"
    return ContentsLine(address, f"{clause.id} {clause.summary.zh}", clause.summary.en)


def _ends(validity: Validity) -> tuple[str, str]:
    """The first and the last day, as text that can be compared."""
    first = "0000-00-00" if validity.start <= DAY_MIN else to_date(validity.start).isoformat()
    return first, "9999-99-99" if validity.end > DAY_MAX else to_date(validity.end - 1).isoformat()
