"""The recipes of the guide each occur in the second ruleset, where its page says, and as it says.

In: the guide's headings, the page's table, the ruleset's files. Out: pass or fail. Called by pytest.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "guide.zh.md").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "assistance.md").read_text(encoding="utf-8")
TABLE = re.findall(
    r"^\| (.+?) \| `(.+?)` \| `(.+?)` \|$", PAGE.partition("| 写法 / recipe |")[2].partition("\n\n")[0], re.M
)


def entries() -> dict[str, str]:
    """The text of each entry of the ruleset, by its id or its label in Chinese, without the examples."""
    found: dict[str, str] = {}
    for file in sorted((ROOT / "policies" / "assistance").rglob("*.yaml")):
        for block in re.split(r"^(?=  - )", file.read_text(encoding="utf-8"), flags=re.M)[1:]:
            (entry, *_) = yaml.safe_load(re.split(r"^(?=\S)", block, flags=re.M)[0])
            if isinstance(entry, dict):
                label = entry.get("id") or entry.get("label") or entry.get("name")
                name = label.get("zh") if isinstance(label, dict) else label
                found.setdefault(str(name), block.partition("    examples:\n")[0])
    return found


def test_the_table_has_every_recipe_of_the_guide() -> None:
    recipes = GUIDE.partition("\n## 十三、常见写法\n")[2]
    assert [row[0] for row in TABLE] == re.findall(r"^### (.+)$", recipes, re.M)
    assert len(TABLE) > 20


@pytest.mark.parametrize(("recipe", "where", "written"), TABLE, ids=[row[0] for row in TABLE])
def test_a_recipe_stands_where_the_page_says(recipe: str, where: str, written: str) -> None:
    assert written in entries()[where], recipe
