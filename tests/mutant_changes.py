"""What is changed: each file's mutants, by its syntax tree.

In: a room and one of its files. Out: `Mutant`s. Called by `mutants`.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mutant_rooms import ROOT, Room


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: the text `[start, end)` of a file becomes `after`."""

    room: Room
    path: str
    function: str
    line: int
    start: int
    end: int
    before: str
    after: str

    @property
    def id(self) -> str:
        """What names it as long as its function keeps its text: no line number."""
        return f"{self.path}:{self.function}: {self.before} -> {self.after}"


COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.Pow: ast.Mult,
}


def changed(node: ast.AST) -> ast.AST | None:
    """The node with one change of meaning, or none where it has nothing to change."""
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in COMPARISONS:
            other = copy.deepcopy(node)
            other.ops = [COMPARISONS[type(operator)]()]
            return other
        case ast.BinOp(op=operator) if type(operator) in OPERATORS and not _joins_texts(node):
            other_sum = copy.deepcopy(node)
            other_sum.op = OPERATORS[type(operator)]()
            return other_sum
        case ast.BoolOp(op=joint):
            other_joint = copy.deepcopy(node)
            other_joint.op = ast.Or() if isinstance(joint, ast.And) else ast.And()
            return other_joint
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return operand
        case ast.UnaryOp(op=ast.USub(), operand=operand) if not isinstance(operand, ast.Constant):
            return operand
        case ast.Constant(value=bool() as truth):
            return ast.Constant(not truth)
        case ast.Constant(value=int() as number):
            return ast.Constant(number + 1)
    return None


def _joins_texts(node: ast.BinOp) -> bool:
    return any(
        isinstance(side, ast.JoinedStr) or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in (node.left, node.right)
    )


def branches(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Tests of branches, each with its opposite."""
    match node:
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test) if not _has_a_walrus(test):
            yield test, ast.UnaryOp(ast.Not(), test)
        case ast.comprehension(ifs=[test]) if not _has_a_walrus(test):
            yield test, ast.UnaryOp(ast.Not(), test)
        case _:
            return


def _has_a_walrus(test: ast.expr) -> bool:
    return any(isinstance(part, ast.NamedExpr) for part in ast.walk(test))


def mutants_of(room: Room, path: Path) -> Iterator[Mutant]:
    """Every mutant of a file."""
    text = path.read_text(encoding="utf-8")
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line.encode()))
    raw = text.encode()

    def mutant(node: ast.expr, other: ast.AST, function: str) -> Mutant:
        assert node.end_lineno is not None and node.end_col_offset is not None
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[node.end_lineno - 1] + node.end_col_offset
        after = ast.unparse(other)
        if not isinstance(other, ast.Constant):
            after = f"({after})"
        before = " ".join(raw[start:end].decode().split())
        return Mutant(room, path.relative_to(ROOT).as_posix(), function, node.lineno, start, end, before, after)

    for function, body in functions(ast.parse(text)):
        for node in inside(body):
            if isinstance(node, ast.expr):
                other = changed(node)
                if other is not None:
                    yield mutant(node, other, function)
            for test, opposite in branches(node):
                yield mutant(test, opposite, function)


def functions(tree: ast.Module) -> Iterator[tuple[str, list[ast.stmt]]]:
    """The functions of a module with their bodies, methods by `Class.method`; inner functions belong to the outer."""
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name, body=body):
                yield name, body
            case ast.ClassDef(name=owner, body=members):
                for member in members:
                    if isinstance(member, ast.FunctionDef):
                        yield f"{owner}.{member.name}", member.body


def inside(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """The nodes of a body, without annotations, assertions, f-strings, and keyword arguments that only configure."""
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        match node:
            case ast.JoinedStr() | ast.Assert() | ast.Import() | ast.ImportFrom():
                continue
            case ast.AnnAssign(value=value):
                waiting += [value] if value is not None else []
                continue
            case ast.FunctionDef(body=inner):
                waiting += inner
                continue
            case ast.keyword(arg="strict" | "slots" | "frozen"):
                continue
        yield node
        waiting += ast.iter_child_nodes(node)
