"""`docs/modules.md` lists the modules there are, `docs/architecture.md` the nodes and layers there are."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULES = (ROOT / "docs" / "modules.md").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PACKAGE = ROOT / "fupin_policy"


def test_every_module_is_listed_and_every_listed_module_exists():
    listed = re.findall(r"^- `([\w/]+\.py)`", MODULES, re.MULTILINE)
    real = {str(path.relative_to(PACKAGE)) for path in PACKAGE.rglob("*.py") if path.name != "__init__.py"}
    assert len(listed) == len(set(listed)), "listed twice"
    assert sorted(real - set(listed)) == [], "not in docs/modules.md"
    assert sorted(set(listed) - real) == [], "in docs/modules.md only"


def test_every_core_node_is_named():
    tree = ast.parse((PACKAGE / "core" / "expressions.py").read_text(encoding="utf-8"))
    union = next(n.value for n in tree.body if isinstance(n, ast.Assign) and getattr(n.targets[0], "id", "") == "Expr")
    names = {node.id for node in ast.walk(union) if isinstance(node, ast.Name)}
    assert [name for name in sorted(names) if f"`{name}`" not in PAGE] == []


def test_layers_are_those_of_the_contract():
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    layers = [layer.replace("fupin_policy.", "") for layer in tools["importlinter"]["contracts"][0]["layers"]]
    block = re.search(r"<!-- layers -->\n```text\n(.*?)```", PAGE, re.DOTALL)
    assert block is not None
    assert block[1].strip().splitlines() == layers
