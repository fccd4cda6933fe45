"""Public names are built from the words of `docs/glossary.md` and of plain English; no name has two meanings."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "fupin_policy"
ROWS = re.findall(
    r"^\| (?!English|---)([^|]+) \| [^|]+ \| [^|]+ \| `([^`]+)` \|$",
    (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)
PLAIN = re.sub("#.*", "", (ROOT / "docs" / "plain_words.txt").read_text(encoding="utf-8")).split()
GLOSSARY = [word for english, _ in ROWS for word in english.split(", ")]
SHARED = {"And", "Or", "Not", "Compare", "AsOf", "DateDiff", "Calendar"}
"""Operators before and after typing; see the decision record on the names of nodes."""


def public_names() -> Iterator[tuple[Path, str]]:
    """Functions, classes and constants of each module, and methods of its classes."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            for name in names_of(node):
                yield path, name
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                yield from (
                    (path, name) for part in node.body if isinstance(part, ast.FunctionDef) for name in names_of(part)
                )


def names_of(node: ast.stmt) -> list[str]:
    """What a statement defines for others."""
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            names = [name]
        case ast.Assign(targets=targets):
            names = [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            names = [name]
        case _:
            names = []
    return [name for name in names if not name.startswith("_")]


def words_of(name: str) -> list[str]:
    """`DecisionBuilder`, `decision_builder` and `DECISION_BUILDER` to their words."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)]


def singulars(word: str) -> set[str]:
    """A word, and what it may be the plural of."""
    return {word, word.removesuffix("s"), word.removesuffix("es"), re.sub("ies$", "y", word)}


def test_public_names_are_built_from_known_words() -> None:
    known = {*GLOSSARY, *PLAIN}
    strange = defaultdict(set)
    for path, name in public_names():
        for word in words_of(name):
            if not singulars(word) & known:
                strange[word].add(f"{path.relative_to(PACKAGE)}: {name}")
    assert dict(strange) == {}, "give these a row in docs/glossary.md, or find a word that stands there"


def test_the_glossary_gives_each_word_one_meaning() -> None:
    assert len(ROWS) > 100
    assert [word for word, times in Counter(GLOSSARY).items() if times > 1] == []
    assert sorted(set(GLOSSARY) & set(PLAIN)) == [], "a word of ours is no plain word"


def test_the_glossary_names_what_exists() -> None:
    assert sorted({place for _, place in ROWS if not (PACKAGE / place).exists() and not (ROOT / place).exists()}) == []


def test_no_two_public_classes_have_one_name() -> None:
    homes = defaultdict(set)
    for path, name in public_names():
        if name[0].isupper() and not name.isupper():
            homes[name].add(str(path.relative_to(PACKAGE)))
    twice = {name: sorted(paths) for name, paths in homes.items() if len(paths) > 1}
    assert {name: paths for name, paths in twice.items() if name not in SHARED} == {}
    assert twice.keys() == SHARED
    assert {tuple(paths) for paths in twice.values()} == {("core/expressions.py", "language/syntax.py")}
