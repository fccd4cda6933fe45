"""The contents beside a page: made once for each folder, as making them for each of hundreds of pages takes minutes.

In: what Sphinx gives to the template of a page. Out: the same with the contents of the page's language.
Called by the configuration.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sphinx.environment.adapters.toctree import global_toctree_for_doc

_CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Navigation:
    """Contents as HTML, by the folder from which their links lead."""

    made: dict[str, str]

    def made_once(self, app: Any, page: str, _template: str, context: dict[str, Any], _tree: Any) -> None:
        """Before the theme asks for the contents: what it will be given."""
        folder = page.rpartition("/")[0]

        def contents(**how: Any) -> str:
            if folder not in self.made:
                nowhere = f"{folder}/ " if folder else " "
                tree = global_toctree_for_doc(app.builder.env, nowhere, app.builder, tags=app.tags, **how)
                self.made[folder] = app.builder.render_partial(tree)["fragment"]
            return self.made[folder]

        context["toctree"] = contents

    def of_page(self, app: Any, page: str, _template: str, context: dict[str, Any], _tree: Any) -> None:
        """After the theme has worked: only pages of the page's language, and the page marked. One in both shows all."""
        title = re.sub("<[^>]*>", "", context.get("title", ""))
        context["language"] = "zh-CN" if _CHINESE.search(title) else "en"
        tree = context["furo_navigation_tree"]
        if title and " / " not in title:
            tree = in_language(tree, bool(_CHINESE.search(title)))
        if page in app.builder.env.all_docs:
            folder = page.rpartition("/")[0]
            tree = marked(tree, app.builder.get_relative_uri(f"{folder}/ " if folder else " ", page))
        context["furo_navigation_tree"] = tree


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
