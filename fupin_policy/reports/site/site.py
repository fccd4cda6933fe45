"""All pages of a ruleset as Markdown, with a contents page for each kind.

In: a folder. Out: Markdown by path. Called by the documentation's configuration.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fupin_policy.core.program import Program
from fupin_policy.reports.site.gathered import gathered
from fupin_policy.reports.site.markdown import plain, table, written
from fupin_policy.ruleset import check_folder


def pages(folder: Path) -> dict[str, str]:
    """Every page of a ruleset by its path, `index.md` among them. Raises RulesetError."""
    program = check_folder(folder)
    found = {f"{kind}/{name}.md": written(page) for (kind, name), page in gathered(program, folder).items()}
    placed = {path: _placed(program, path, text) for path, text in found.items()}
    return {**placed, **_contents(program, found)}


_ORPHAN = "---\norphan: true\n---\n\n"
KINDS = {
    "policies": "政策 / Policies",
    "targets": "目标 / Targets",
    "departments": "部门 / Departments",
    "clauses": "条款 / Clauses",
}


def _contents(program: Program, found: Mapping[str, str]) -> dict[str, str]:
    """The page of the whole ruleset, with links to one page for each kind, which has links to all of it."""
    title = plain(program.title.zh)
    inner = {
        f"{kind}/index.md": f"# {title}：{words}\n\n[{title}](../index.md)\n\n{_links(kind, found)}"
        for kind, words in KINDS.items()
    }
    count = {kind: sum(path.startswith(f"{kind}/") for path in found) for kind in KINDS}
    rows = [(f"[{words}]({kind}/index.md)", str(count[kind])) for kind, words in KINDS.items()]
    outer = f"# {title} / {plain(program.title.en)}\n\n{table(('', ''), rows)}\n"
    return {**{path: _ORPHAN + text for path, text in inner.items()}, "index.md": outer}


def _links(kind: str, found: Mapping[str, str]) -> str:
    """A list of all pages of a kind, by their titles."""
    pages_of = {path.removeprefix(f"{kind}/"): text for path, text in found.items() if path.startswith(f"{kind}/")}
    return "".join(f"- [{_title(text)}]({path})\n" for path, text in pages_of.items())


def _title(text: str) -> str:
    return next(line.removeprefix("# ") for line in text.splitlines() if line.startswith("# "))


def _placed(program: Program, path: str, text: str) -> str:
    """A page with links to the pages above it, which stands in no table of contents: there are too many of them."""
    kind = path.split("/")[0]
    above = f"[{plain(program.title.zh)}](../index.md) › [{KINDS[kind]}](index.md)"
    head, _, rest = text.partition("\n\n")
    return f"{_ORPHAN}{head}\n\n{above}\n\n{rest}"
