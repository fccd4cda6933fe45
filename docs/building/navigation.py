"""The contents beside a page: made once for all, as making them for each of hundreds of pages takes minutes.

In: what Sphinx gives to the template of a page. Out: the same with the contents of the page's language.
Called by the configuration.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sphinx.environment.adapters.toctree import global_toctree_for_doc

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_HERE = re.compile(r'href="(?!#|\w+:)')
_UP = "../"
_NOWHERE = " "
"""A page at the top that is none: in its contents every entry is a link."""


@dataclass(frozen=True, slots=True)
class Navigation:
    """Contents as HTML, by how many folders deep the page lies in which they stand."""

    made: dict[int, str]

    def made_once(self, app: Any, page: str, _template: str, context: dict[str, Any], _tree: Any) -> None:
        """Before the theme asks for the contents: what it will be given."""
        depth = page.count("/")

        def contents(**how: Any) -> str:
            if 0 not in self.made:
                tree = global_toctree_for_doc(app.builder.env, _NOWHERE, app.builder, tags=app.tags, **how)
                self.made[0] = app.builder.render_partial(tree)["fragment"]
            if depth not in self.made:
                self.made[depth] = from_below(self.made[0], depth)
            return self.made[depth]

        context["toctree"] = contents

    def of_page(self, app: Any, page: str, _template: str, context: dict[str, Any], _tree: Any) -> None:
        """After the theme has worked: only pages of the page's language, and the page marked. One in both shows all."""
        title = re.sub("<[^>]*>", "", context.get("title", ""))
        context["language"] = "zh-CN" if _CHINESE.search(title) else "en"
        tree = context["furo_navigation_tree"]
        if title and " / " not in title:
            tree = in_language(tree, bool(_CHINESE.search(title)))
        if page in app.builder.env.all_docs:
            tree = marked(tree, _UP * page.count("/") + app.builder.get_target_uri(page))
        context["furo_navigation_tree"] = tree


def from_below(tree: str, depth: int) -> str:
    """The contents of a page at the top, for a page that lies so many folders deep."""
    return _HERE.sub(f'href="{_UP * depth}', tree)


def in_language(tree: str, chinese: bool) -> str:
    """The parts of the contents whose caption is Chinese, or those whose is not."""
    first, *parts = re.split(r'(?=<p class="caption)', tree)
    return first + "".join(part for part in parts if bool(_CHINESE.search(part.partition("</p>")[0])) == chinese)


def marked(tree: str, link: str) -> str:
    """The contents with a page shown as the one that is read, and the entry above it open."""
    at = tree.find(f'href="{link}"')
    if at < 0:
        return tree
    start = tree.rfind('<li class="toctree-l', 0, at)
    head, entry = tree[:start], tree[start:].replace('class="', 'class="current current-page ', 1)
    if not tree.startswith('<li class="toctree-l1', start):
        above = head.rfind('<li class="toctree-l1')
        head = head[:above] + head[above:].replace('class="', 'class="current ', 1).replace(
            "<input ", '<input checked="" ', 1
        )
    return head + entry
