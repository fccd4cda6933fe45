"""The rooms by the import graph itself: how many, on how many floors, no circle, and what each imports.

A room is a folder of the package, or `ruleset.py`. A folder that only its own room and the command line import belongs
to that room: `reports/charts` to `reports`, `diagnostics/messages` to `diagnostics`.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "fupin_policy"
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
FOLDERS = sorted(str(path.parent.relative_to(PACKAGE)) for path in PACKAGE.rglob("*/__init__.py"))
FACES = {"__init__", "__main__"}
"""What passes on what the rooms offer to users: no rooms themselves."""
MAX_ROOMS, MAX_FLOORS, MAX_LINES = 24, 12, 400


def folder_of(module: str) -> str:
    """The innermost folder of a module, or the module itself where it stands at the root."""
    path = "/".join(module.split(".")[1:]) or "__init__"
    return max((folder for folder in FOLDERS if f"{path}/".startswith(f"{folder}/")), key=len, default=path)


@cache
def rooms() -> dict[str, set[str]]:
    """Each room with the rooms it imports, hidden imports and those for types included."""
    graph = grimp.build_graph("fupin_policy", cache_dir=None)
    arrows = {
        (folder_of(module), folder_of(imported))
        for module in graph.modules
        for imported in graph.find_modules_directly_imported_by(module)
    }

    def room_of(folder: str) -> str:
        top = folder.split("/")[0]
        importers = {importer.split("/")[0] for importer, imported in arrows if imported == folder}
        return top if importers <= {top, "cli"} else folder

    imports: dict[str, set[str]] = {}
    for importer, imported in arrows:
        if importer not in FACES:
            imports.setdefault(room_of(importer), set()).add(room_of(imported))
    return {room: imported - {room} for room, imported in imports.items()}


def floors() -> dict[str, int]:
    """How high each room stands: one above the highest that it imports. Raises CycleError where there is a circle."""
    height: dict[str, int] = {}
    for room in TopologicalSorter(rooms()).static_order():
        height[room] = 1 + max((height[imported] for imported in rooms()[room]), default=0)
    return height


def test_there_are_few_rooms_on_few_floors_and_no_circle() -> None:
    assert len(rooms()) <= MAX_ROOMS, sorted(rooms())
    assert max(floors().values()) <= MAX_FLOORS, floors()


def test_no_module_stands_loose_at_the_root() -> None:
    assert sorted(path.name for path in PACKAGE.glob("*.py")) == ["__init__.py", "__main__.py", "ruleset.py"]


def test_no_file_is_long_but_data() -> None:
    lines = {
        str(path.relative_to(PACKAGE)): len(path.read_text(encoding="utf-8").splitlines())
        for path in PACKAGE.rglob("*.py")
        if path.parent.name != "messages"
    }
    assert {path: count for path, count in lines.items() if count > MAX_LINES} == {}


def test_each_folder_says_what_lives_there() -> None:
    silent = [
        folder
        for folder in FOLDERS
        if not ast.get_docstring(ast.parse((PACKAGE / folder / "__init__.py").read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_the_table_of_rooms_is_the_graph() -> None:
    rows = re.findall(r"^\| `([\w/.]+)` \| [^|]+ \| ([^|]*) \|$", PAGE, re.MULTILINE)
    table = {room.removesuffix(".py"): re.findall(r"`([\w/]+)`", imported) for room, imported in rows}
    assert len(rows) == len(table), "a room stands twice"
    assert table == {room: sorted(imported) for room, imported in rooms().items()}


def test_each_room_says_what_it_imports() -> None:
    said = {}
    for room in rooms():
        path = PACKAGE / (f"{room}.py" if room == "ruleset" else f"{room}/__init__.py")
        text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        line = re.search(r"^Imports (.*?)\.$", text, re.MULTILINE | re.DOTALL)
        said[room] = re.findall(r"`([\w.]+)`", line[1]) if line else []
    assert said == {room: sorted(one.replace("/", ".") for one in imported) for room, imported in rooms().items()}


def test_each_room_says_who_calls_it() -> None:
    """Those that everybody imports say so in words."""
    called = {room: {one for one, imported in rooms().items() if room in imported} for room in rooms()}
    for room, callers in called.items():
        if room in ("cli", "core", "diagnostics", "files", "ruleset", "testing"):
            continue
        text = ast.get_docstring(ast.parse((PACKAGE / room / "__init__.py").read_text(encoding="utf-8"))) or ""
        line = re.search(r"Called by\s((?:[^.`]|`[^`]*`)*)", text)
        said = set(re.findall(r"`([\w.]+)`", line[1])) if line else set()
        assert said == {one.replace("/", ".") for one in callers}, room
