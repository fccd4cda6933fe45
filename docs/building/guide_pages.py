"""The guide, which is one long file where it is written, as pages of one section each.

In: the text of the guide. Out: pages by name, and where each heading went. Called by the configuration.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_LINES = 300
"""A section that is longer gives each of its headings a page."""
_FENCE = re.compile(r"^(`{3,}|~{3,})")
_LINK = re.compile(r"\]\((?!\w+:)([^)#\s]*)(#[^)\s]*)?\)")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading's page: its name, the lines below the heading, and the names of the pages below it."""

    name: str
    title: str
    lines: tuple[str, ...]
    below: tuple[str, ...] = ()


def sections(text: str) -> list[Section]:
    """The pages of a guide, in order; what stands before the first section is on none."""
    found = []
    for number, (title, lines) in enumerate(_cut(text.splitlines(), "## "), 1):
        name, parts = f"{number:02d}", list(_cut(lines, "### "))
        if len(lines) <= MAX_LINES or not parts:
            found.append(Section(name, title, tuple(_raised(lines, 1))))
            continue
        inner = [Section(f"{name}-{at:02d}", part, tuple(_raised(rest, 2))) for at, (part, rest) in enumerate(parts, 1)]
        first = next(at for at, line in enumerate(lines) if line.startswith("### "))
        found += [Section(name, title, tuple(lines[:first]), tuple(one.name for one in inner)), *inner]
    return found


def homes(found: list[Section]) -> dict[str, str]:
    """The page of each heading, by its anchor; of two headings with one anchor the first."""
    places: dict[str, str] = {}
    for section in found:
        for title in (section.title, *(line.lstrip("# ") for line in _outside(section.lines) if line.startswith("#"))):
            places.setdefault(anchor(title), section.name)
    return places


def page(section: Section, places: dict[str, str], source: str) -> str:
    """The Markdown of a section's page, which lies one folder below the guide `source`."""

    def moved(link: re.Match[str]) -> str:
        path, hash_ = link[1], link[2] or ""
        if path in ("", source):
            return f"]({places.get(hash_[1:], '01')}.md{hash_})"
        return f"](../{path}{hash_})"

    inside, lines = False, []
    for line in section.lines:
        inside ^= bool(_FENCE.match(line))
        lines.append(line if inside else _LINK.sub(moved, line))
    if section.below:
        lines += ["", "```{toctree}", ":maxdepth: 1", "", *section.below, "```"]
    return "\n".join([f"# {section.title}", *lines]) + "\n"


def linked(text: str, guides: dict[str, dict[str, str]]) -> str:
    """A page's links into guides, each by the name of its file, as links to the pages of sections."""
    for source, places in guides.items():
        pattern = rf"\]\(((?:\.\./)*){re.escape(source)}(#[^)\s]*)?\)"
        folder = source.removesuffix(".md")

        def moved(link: re.Match[str], places: dict[str, str] = places, folder: str = folder) -> str:
            return f"]({link[1]}{folder}/{places.get((link[2] or '#')[1:], '01')}.md{link[2] or ''})"

        text = re.sub(pattern, moved, text)
    return text


def anchor(title: str) -> str:
    """A heading's anchor, as MyST makes it."""
    return re.sub(r"[^\w\u4e00-\u9fff\- ]", "", title.strip().lower().replace(" ", "-"))


def _cut(lines: list[str], mark: str) -> Iterator[tuple[str, list[str]]]:
    """The headings of one level with the lines below each."""
    inside, title, below = False, "", list[str]()
    for line in lines:
        inside ^= bool(_FENCE.match(line))
        if line.startswith(mark) and not inside:
            if title:
                yield title, below
            title, below = line.removeprefix(mark).strip(), []
        else:
            below.append(line)
    if title:
        yield title, below


def _raised(lines: list[str], levels: int) -> Iterator[str]:
    """Headings nearer to the top by so many levels."""
    inside = False
    for line in lines:
        inside ^= bool(_FENCE.match(line))
        yield line[levels:] if line.startswith("##") and not inside else line


def _outside(lines: tuple[str, ...]) -> Iterator[str]:
    """The lines that stand in no block of code."""
    inside = False
    for line in lines:
        inside ^= bool(_FENCE.match(line))
        if not inside:
            yield line
