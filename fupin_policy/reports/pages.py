"""Pages made of templates: one HTML file that needs nothing else, asks for nothing over a network, and runs one script.

In: the name of a template in `templates/`, what stands in it, a language. Out: HTML. Called by `summary_page`,
`comparison_page` and `site`. What is put into a template is text, and escaped, whatever a ruleset says.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from fupin_policy.batch.table_files import PAGE_SIGN
from fupin_policy.diagnostics import Lang

TEMPLATES = Path(__file__).parent / "templates"


def page_of(template: str, found: Mapping[str, object], lang: Lang, style: str = "page.css", script: str = "") -> str:
    """A template with what was found, in one language; its style is a file of `templates/`, and so is its script, or
    it is given as text."""
    css, js = _text(style), script or _text("page.js")

    def say(zh: str, en: str) -> str:
        return zh if lang == "zh" else en

    ours = {"sign": PAGE_SIGN, "css": css, "js": js, "css_hash": _hash(css), "js_hash": _hash(js)}
    return _environment().get_template(template).render({**found, **ours, "say": say})


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def _text(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """What a policy of contents calls a script or style that may be used: no other may."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
