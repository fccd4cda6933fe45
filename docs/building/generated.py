"""Pages made of what is written elsewhere: the language, the errors, the rulesets, the guides cut into sections.

In: the folder of the documentation. Out: Markdown in it, each file written only where it has changed.
Called by the configuration.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from building import guide_pages

RULESETS = {"ruleset": "anqiu", "assistance_rules": "assistance"}
"""The folder of pages of each ruleset of `policies`."""

STAGES = {
    "Y": "读取文件 / Reading the files",
    "S": "表达式的语法 / Syntax of expressions",
    "N": "名称 / Names",
    "D": "日期与版本 / Dates and versions",
    "T": "类型与单位 / Types and units",
    "R": "范围与表格 / Ranges and tables",
    "H": "住户资料 / Households",
    "E": "政策旁的例子 / Examples beside policies",
    "B": "登记册的计算 / Registries",
    "P": "虚构登记册的分布 / Populations",
    "V": "证明的发现 / What proofs find",
    "A": "决定记录 / Decision records",
    "C": "C 程序库 / The C library",
}


def write(docs: Path, guides: Iterable[str]) -> dict[str, dict[str, str]]:
    """Write all pages; says of each guide on which page each heading is."""
    pieces = {"language.md": "\n".join(_language()), "errors.md": "\n".join(_errors())}
    _folder(docs / "_generated", pieces)
    for folder, ruleset in RULESETS.items():
        _ruleset(docs / folder, docs.parent / "policies" / ruleset)
    return {guide: _guide(docs, guide) for guide in guides}


def _guide(docs: Path, guide: str) -> dict[str, str]:
    found = guide_pages.sections((docs / guide).read_text(encoding="utf-8"))
    places = guide_pages.homes(found)
    _folder(docs / guide.removesuffix(".md"), {f"{one.name}.md": guide_pages.page(one, places, guide) for one in found})
    return places


def _ruleset(folder: Path, ruleset: Path) -> None:
    from fupin_policy.reports.site import pages

    _folder(folder, pages(ruleset))


def _folder(folder: Path, pages: Mapping[str, str]) -> None:
    """The pages of a folder; pages written here of what is no longer there go."""
    from fupin_policy.files.atomic import mark, marked

    found = {folder / path: text for path, text in pages.items()}
    for path in map(folder.joinpath, marked(folder)):
        if path not in found:
            path.unlink(missing_ok=True)
    for path, text in found.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, text)
    mark(folder, found)


def _language() -> Iterator[str]:
    from fupin_policy.language.keywords import keywords
    from fupin_policy.language.reference import entries

    for entry in entries():
        yield f"## {entry.rule}\n\n{entry.zh}\n\n{entry.en}\n"
        if entry.examples:
            yield "| 中文 | English |\n| --- | --- |"
            yield from (f"| {_code(zh)} | {_code(en)} |" for zh, en in entry.examples)
            yield ""
    yield "## 关键词 / Keywords\n\n| 中文 | English |\n| --- | --- |"
    for keyword in keywords().values():
        yield f"| {'、'.join(map(_code, keyword.zh))} | {', '.join(map(_code, keyword.en))} |"


def _errors() -> Iterator[str]:
    from fupin_policy.diagnostics.messages import table

    messages = table()
    for letter in [*STAGES, *sorted({code[0] for code in messages} - set(STAGES))]:
        yield f"## {letter}… {STAGES.get(letter, '')}\n"
        for code in sorted(one for one in messages if one[0] == letter):
            found = messages[code]
            yield f"### {code}\n\n{_plain(found.zh)}  \n{_plain(found.en)}\n"
            yield f"> {_plain(found.help_zh)}  \n> {_plain(found.help_en)}\n"


def _code(text: str) -> str:
    return "`" + text.replace("|", "\\|") + "`"


def _plain(text: str) -> str:
    """A message's template with nothing in it that Markdown would take as a mark."""
    text = text.replace("{{", "{").replace("}}", "}")
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>#|$~" else char for char in text)


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
