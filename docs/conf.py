"""Sphinx configuration; writes the generated pages (language, errors, the shipped ruleset) before anything is read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
GENERATED = HERE / "_generated"
RULESET = HERE / "ruleset"

project = "fupin_policy"
author = "the authors of fupin_policy"
copyright = "the authors of fupin_policy"
language = "zh_CN"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
master_doc = "index"
exclude_patterns = ["_generated", "_build", "examples"]
html_theme = "alabaster"
html_theme_options = {"description": "policies as code", "fixed_sidebar": True}
html_sidebars = {"**": ["about.html", "navigation.html", "searchbox.html"]}
html_show_sphinx = False
myst_heading_anchors = 4

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


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.connect("builder-inited", lambda _app: generate())


def generate() -> None:
    """Write both pages, each only where it has changed."""
    GENERATED.mkdir(exist_ok=True)
    _write(GENERATED / "language.md", "\n".join(_language()))
    _write(GENERATED / "errors.md", "\n".join(_errors()))
    _write_ruleset()


def _write_ruleset() -> None:
    """A page for everything in the shipped ruleset; pages written here of what is no longer there go."""
    from fupin_policy.files.atomic import mark, marked
    from fupin_policy.reports.site import pages
    from fupin_policy.ruleset import SHIPPED

    found = {RULESET / path: text for path, text in pages(SHIPPED).items()}
    for path in map(RULESET.joinpath, marked(RULESET)):
        if path not in found:
            path.unlink(missing_ok=True)
    for path, text in found.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, text)
    mark(RULESET, found)


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
