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


def test_every_module_is_listed_and_every_listed_module_exists() -> None:
    listed = re.findall(r"^- `([\w/]+\.py)`", MODULES, re.MULTILINE)
    real = {str(path.relative_to(PACKAGE)) for path in PACKAGE.rglob("*.py") if path.name != "__init__.py"}
    assert len(listed) == len(set(listed)), "listed twice"
    assert sorted(real - set(listed)) == [], "not in docs/modules.md"
    assert sorted(set(listed) - real) == [], "in docs/modules.md only"


def test_every_core_node_is_named() -> None:
    tree = ast.parse((PACKAGE / "core" / "expressions.py").read_text(encoding="utf-8"))
    union = next(n.value for n in tree.body if isinstance(n, ast.Assign) and getattr(n.targets[0], "id", "") == "Expr")
    names = {node.id for node in ast.walk(union) if isinstance(node, ast.Name)}
    assert [name for name in sorted(names) if f"`{name}`" not in PAGE] == []


def test_layers_are_those_of_the_contract() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    layers = [layer.replace("fupin_policy.", "") for layer in tools["importlinter"]["contracts"][0]["layers"]]
    block = re.search(r"<!-- layers -->\n```text\n(.*?)```", PAGE, re.DOTALL)
    assert block is not None
    assert block[1].strip().splitlines() == layers


def test_every_decision_record_is_in_the_index_and_complete() -> None:
    records = sorted(path for path in (ROOT / "docs" / "adr").glob("*.md") if path.name != "index.md")
    index = (ROOT / "docs" / "adr" / "index.md").read_text(encoding="utf-8")
    assert re.findall(r"^(\d{4}-[\w-]+)$", index, re.MULTILINE) == [path.stem for path in records]
    for number, record in enumerate(records, 1):
        text = record.read_text(encoding="utf-8")
        assert record.name.startswith(f"{number:04d}-") and text.startswith(f"# {number}. "), record.name
        assert re.findall(r"^\*\*(\w+)\.\*\* \S", text, re.MULTILINE) == ["Context", "Decision", "Consequence"], (
            record.name
        )


def test_pages_name_files_that_exist() -> None:
    pages = [ROOT / "docs" / "architecture.md", *(ROOT / "docs" / "adr").glob("*.md")]
    named = {path for page in pages for path in re.findall(r"`([\w/]+\.py)`", page.read_text(encoding="utf-8"))}
    assert len(named) > 20
    assert sorted(path for path in named if not (PACKAGE / path).exists() and not (ROOT / path).exists()) == []
