"""Does a test notice when the code is wrong? Changes one thing at a time, and runs the tests nearest to it.

A mutant is one small change of meaning: an operator, a comparison, a constant, a branch. They are drawn from the syntax
trees of the rooms below by a seed and a hash of each, so that a run can be repeated, and its draw stays when other code
changes. Each is tried in a copy of the project, with a cache of its own and a time limit: by the files of tests that
name its module, then by the other ones of its room, the quick ones first, as far as these take two minutes in all. One
that changes no behaviour stands in `mutants_equivalent.txt` with the reason.

    python tests/mutants.py [--count 200] [--seed 1] [--room check] [--jobs 2] [--only ID]
"""

from __future__ import annotations

import argparse
import ast
import compileall
import copy
import hashlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from queue import Queue
from typing import Literal
from xml.etree import ElementTree

ROOT = Path(__file__).parent.parent
EQUIVALENT = Path(__file__).parent / "mutants_equivalent.txt"
COPIED: tuple[str, ...] = (
    "fupin_policy",
    "grammar",
    "policies",
    "hosts",
    "docs",
    "tests",
    "benchmarks",
    "pyproject.toml",
)
COPIED += ("README.md", "README.zh.md", "CHANGELOG.md", "Makefile")

# Limits are of processor time, so that a busy machine judges as a quiet one does; a wait may take WAITING times that.
WAITING = 5
FAR_SECONDS = 120.0
"""How long the files that do not name a mutant's module may take together; a survivor would cost ten minutes else."""
OUT_OF_TIME = (-signal.SIGXCPU, -signal.SIGKILL)

Outcome = Literal["killed", "timed out", "survived"]


@dataclass(frozen=True, slots=True)
class Room:
    """Some code, and the tests nearest to it, nearest first; a mutant's share of the draw follows the code's size."""

    name: str
    code: tuple[str, ...]
    tests: tuple[str, ...]


ROOMS = (
    Room(
        "check",
        ("fupin_policy/check",),
        (
            "tests/check",
            "tests/diagnostics",
            "tests/core",
            "tests/documents",
            "tests/evaluators",
            "tests/rulesets",
            "tests/properties",
        ),
    ),
    Room(
        "core",
        ("fupin_policy/core",),
        (
            "tests/core",
            "tests/check",
            "tests/money",
            "tests/diagnostics",
            "tests/evaluators",
            "tests/rulesets",
            "tests/properties",
        ),
    ),
    Room(
        "intake",
        ("fupin_policy/intake",),
        ("tests/intake", "tests/diagnostics", "tests/cli", "tests/batch/test_batch_agreement.py"),
    ),
    Room(
        "evaluators",
        ("fupin_policy/evaluators",),
        (
            "tests/evaluators",
            "tests/core",
            "tests/prose",
            "tests/explanation/test_golden_explanations.py",
            "tests/properties",
            "tests/batch/test_evaluate.py",
            "tests/batch/test_batch_agreement.py",
            "tests/analysis/verification",
        ),
    ),
    Room(
        "decisions",
        ("fupin_policy/decisions", "fupin_policy/analysis/examples.py"),
        (
            "tests/decisions",
            "tests/rulesets",
            "tests/cli/test_cli_registers.py",
            "tests/core",
            "tests/check",
            "tests/diagnostics",
            "tests/cli",
            "tests/properties",
        ),
    ),
    Room("explanation", ("fupin_policy/explanation",), ("tests/explanation",)),
    Room("batch", ("fupin_policy/batch",), ("tests/batch", "tests/reports", "tests/diagnostics", "tests/files")),
)
# what these need is installed by `make test-hosts` only, or is not the library's to decide
LEFT_OUT = ("fupin_policy/batch/spark", "fupin_policy/batch/postgres.py", "fupin_policy/batch/ingest.py")


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


def every_mutant(room: Room) -> list[Mutant]:
    """All mutants of a room, in the order of files and lines."""
    files = [
        one
        for place in room.code
        for one in ([ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py"))
    ]
    kept = [one for one in sorted(files) if not one.relative_to(ROOT).as_posix().startswith(LEFT_OUT)]
    unique = {(m.path, m.start, m.after): m for one in kept for m in mutants_of(room, one)}
    return sorted(unique.values(), key=lambda m: (m.path, m.start, m.after))


def draw(rooms: tuple[Room, ...], count: int, seed: int) -> list[Mutant]:
    """`count` mutants, shared among the rooms by what each holds, at least ten each."""
    held = {room: every_mutant(room) for room in rooms}
    total = sum(len(some) for some in held.values())

    def chance(mutant: Mutant) -> str:
        return hashlib.sha256(f"{seed} {mutant.id}".encode()).hexdigest()

    return [
        mutant
        for some in held.values()
        for mutant in sorted(some, key=chance)[: max(10, round(count * len(some) / total))]
    ]


def equivalent() -> dict[str, str]:
    """Mutants shown to change no behaviour, with the reason; two lines each, the second indented."""
    reasons: dict[str, str] = {}
    name = ""
    for line in EQUIVALENT.read_text(encoding="utf-8").splitlines():
        if line.startswith("    "):
            reasons[name] = f"{reasons.get(name, '')} {line.strip()}".strip()
        elif line and not line.startswith("#"):
            name = line
    return reasons


class Bench:
    """A copy of the project, in which one mutant at a time is tried."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                ignore = shutil.ignore_patterns("node_modules", "__pycache__", "_build")
                shutil.copytree(source, folder / name, ignore=ignore)
            elif source.exists():
                shutil.copy(source, folder / name)
        for name in ("fupin_policy", "tests"):  # compiled once: a changed file is newer, and is read again
            compileall.compile_dir(folder / name, quiet=2)

    def tests_pass(self, tests: Sequence[str], limit: float, *options: str) -> bool | None:
        """Whether these tests pass; None when the time (seconds of the processor) was up."""
        with tempfile.TemporaryDirectory() as cache:
            environment = os.environ | {
                "PYTHONPATH": str(self.folder),
                "PYTHONDONTWRITEBYTECODE": "1",
                "XDG_CACHE_HOME": cache,
            }
            words = ["-x", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=1", *options]
            process = subprocess.Popen(
                [sys.executable, "-m", "pytest", *words, *tests],
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (int(limit) + 1, int(limit) + 5))
            try:
                code = process.wait(WAITING * limit)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
                process.wait()
                return None
            return None if code in OUT_OF_TIME else code == 0

    def files(self, room: Room) -> list[str]:
        """The files of a room's tests, nearest first."""
        places = [self.folder / test for test in room.tests]
        found = [[place] if place.is_file() else sorted(place.rglob("test_*.py")) for place in places]
        return [file.relative_to(self.folder).as_posix() for files in found for file in files]

    def seconds(self, rooms: set[Room], jobs: int) -> dict[str, float]:
        """How long each file of tests takes when nothing is wrong; ends the program where one does not pass."""
        wanted = sorted({file for room in rooms for file in self.files(room)})
        told = self.folder / "passed.xml"
        options = ("-n", str(jobs), "--dist", "loadfile", f"--junitxml={told}", "-o", "junit_family=xunit1")
        if self.tests_pass(wanted, 3600, *options) is not True:
            raise SystemExit(f"the tests do not pass without any change: {', '.join(failing(told)) or 'no time left'}")
        taken = dict.fromkeys(wanted, 0.0)
        for case in ElementTree.parse(told).iter("testcase"):
            taken[case.get("file", "")] += float(case.get("time", 0))
        return taken

    def nearest(self, mutant: Mutant, seconds: dict[str, float]) -> list[list[str]]:
        """The files that name the module, and the others, the quick ones first."""
        name, module = Path(mutant.path).stem.removesuffix("s"), mutant.path.removesuffix(".py").replace("/", ".")
        near: list[str] = []
        far: list[str] = []
        for file in sorted(self.files(mutant.room), key=seconds.__getitem__):
            named = name in Path(file).stem or module in (self.folder / file).read_text(encoding="utf-8")
            (near if named else far).append(file)
        taken = accumulate(seconds[file] for file in far)
        quick = [file for file, total in zip(far, taken, strict=True) if total <= FAR_SECONDS]
        return [group for group in (near, quick) if group]

    def outcome(self, mutant: Mutant, seconds: dict[str, float]) -> Outcome:
        """What becomes of a mutant. Tests may take three times what they take when nothing is wrong."""
        file = self.folder / mutant.path
        original = file.read_bytes()
        file.write_bytes(original[: mutant.start] + mutant.after.encode() + original[mutant.end :])
        try:
            for tests in self.nearest(mutant, seconds):
                match self.tests_pass(tests, 30 + 3 * sum(seconds[test] for test in tests)):
                    case None:
                        return "timed out"
                    case False:
                        return "killed"
            return "survived"
        finally:
            file.write_bytes(original)


def failing(told: Path) -> list[str]:
    """The files of tests in which something failed, as a run's junit file tells; none where the run told nothing."""
    cases = ElementTree.parse(told).iter("testcase") if told.exists() else ()
    wrong = (case for case in cases if case.find("failure") is not None or case.find("error") is not None)
    return sorted({case.get("file", "") for case in wrong})


def run(mutants: list[Mutant], jobs: int, until: float) -> list[tuple[Mutant, Outcome]]:
    """Every mutant's outcome, `jobs` at a time; those not begun at the moment `until` have none."""
    with tempfile.TemporaryDirectory(prefix="mutants") as place:
        benches: Queue[Bench] = Queue()
        for number in range(jobs):
            benches.put(Bench(Path(place) / str(number)))
        first = benches.get()
        seconds = first.seconds({mutant.room for mutant in mutants}, jobs)
        print(f"{len(seconds)} files of tests pass; they take {sum(seconds.values()):.0f} s", flush=True)
        benches.put(first)

        def one(mutant: Mutant) -> tuple[Mutant, Outcome] | None:
            if time.monotonic() > until:
                return None
            bench = benches.get()
            try:
                outcome = bench.outcome(mutant, seconds)
            finally:
                benches.put(bench)
            print(f"{outcome:9}  {mutant.path}:{mutant.line}  {mutant.before} -> {mutant.after}", flush=True)
            return mutant, outcome

        with ThreadPoolExecutor(jobs) as pool:
            return [found for found in pool.map(one, mutants) if found is not None]


def report(outcomes: list[tuple[Mutant, Outcome]]) -> str:
    """How many of each outcome, room by room, and the survivors' lines."""
    known = equivalent()
    rows = ["", f"{'room':12} {'drawn':>6} {'killed':>7} {'timed out':>10} {'equivalent':>11} {'survived':>9}"]
    survivors = [(m, known.get(m.id)) for m, outcome in outcomes if outcome == "survived"]
    for name in [*dict.fromkeys(m.room.name for m, _ in outcomes), "all"]:
        here = [(m, o) for m, o in outcomes if name in (m.room.name, "all")]
        counted = Counter(o for _, o in here)
        same = sum(1 for m, o in here if o == "survived" and m.id in known)
        row = (len(here), counted["killed"], counted["timed out"], same, counted["survived"] - same)
        rows.append("{:12} {:6} {:7} {:10} {:11} {:9}".format(name, *row))
    caught = sum(1 for _, o in outcomes if o != "survived")
    judged = len(outcomes) - sum(1 for _, reason in survivors if reason)
    rows.append(f"\nnoticed: {caught} of {judged} that change behaviour, {100 * caught / max(1, judged):.1f} %")
    rows += [f"survived: {m.path}:{m.line}\n{m.id}" for m, reason in survivors if reason is None]
    rows += [f"equivalent: {m.id}\n    {reason}" for m, reason in survivors if reason is not None]
    return "\n".join(rows)


def main() -> None:
    """Draw, run, report; exit 1 where fewer than 95 % of those that change behaviour were noticed."""
    parser = argparse.ArgumentParser(description="changes one thing at a time, and sees whether a test notices")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--room", choices=[room.name for room in ROOMS])
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", help="one mutant, or those whose id has this text")
    parser.add_argument("--minutes", type=float, default=24 * 60, help="begin no further mutant after these")
    parser.add_argument("--list", action="store_true", help="show what would be run")
    asked = parser.parse_args()
    rooms = tuple(room for room in ROOMS if asked.room in (None, room.name))
    mutants = (
        [m for room in rooms for m in every_mutant(room) if asked.only in m.id]
        if asked.only
        else draw(rooms, asked.count, asked.seed)
    )
    if asked.list:
        print("\n".join(f"{m.line:4}  {m.id}" for m in mutants))
        return
    random.Random(asked.seed).shuffle(mutants)  # so that a run cut short has some of every room
    outcomes = run(mutants, asked.jobs, time.monotonic() + 60 * asked.minutes)
    print(report(outcomes))
    if len(outcomes) < len(mutants):
        print(f"not tried, as the time was up: {len(mutants) - len(outcomes)} of {len(mutants)}")
    survived = [m for m, outcome in outcomes if outcome == "survived" and m.id not in equivalent()]
    if len(survived) > 0.05 * len(outcomes):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
