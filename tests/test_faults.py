"""Each fault of `faults.txt` is kept out by a test that names it, and no test names another."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parent
ID = re.compile(r"[A-E]\d{1,2}")


@cache
def known() -> tuple[str, ...]:
    """The ids of the index, in its order."""
    lines = (TESTS / "faults.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line.split(maxsplit=1)[0] for line in lines if line and not line.startswith("#"))


@cache
def named() -> dict[str, str]:
    """Each id that a marker names, with one file in which it does."""
    trees = ((path, ast.parse(path.read_text(encoding="utf-8"))) for path in sorted(TESTS.rglob("test_*.py")))
    return {fault: path.name for path, tree in trees for fault in marked(tree)}


def marked(tree: ast.Module) -> Iterator[str]:
    """The ids of a module's markers; of one that takes them from a table, all ids that begin a row of one."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="mark"), attr="fault"), args=args):
                for argument in args:
                    yield from texts([argument] if isinstance(argument, ast.Constant) else rows(tree))


def rows(tree: ast.Module) -> Iterator[ast.expr]:
    """The first entry of each tuple."""
    return (node.elts[0] for node in ast.walk(tree) if isinstance(node, ast.Tuple) and node.elts)


def texts(nodes: Iterator[ast.expr] | list[ast.expr]) -> Iterator[str]:
    """Those that are ids."""
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and ID.fullmatch(node.value):
            yield node.value


def test_each_fault_is_named_by_a_test() -> None:
    assert [fault for fault in known() if fault not in named()] == []


def test_no_test_names_a_fault_that_is_not_in_the_list() -> None:
    assert {fault: where for fault, where in named().items() if fault not in known()} == {}


def test_an_id_stands_once_in_the_list() -> None:
    assert len(known()) == len(set(known())) > 80
