"""Where mutants are drawn, and which tests are nearest to them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


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
            "tests/analysis/test_payments.py",
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
        (
            "tests/intake",
            "tests/decisions/test_numbers_of_identity.py",
            "tests/diagnostics",
            "tests/cli",
            "tests/batch/test_batch_agreement.py",
        ),
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
            "tests/rulesets/test_compiled_form.py",
        ),
    ),
    Room(
        "decisions",
        ("fupin_policy/decisions", "fupin_policy/analysis/examples.py"),
        (
            "tests/decisions",
            "tests/intake/test_previous_results.py",
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
LEFT_OUT = ("fupin_policy/batch/spark", "fupin_policy/batch/postgres.py", "fupin_policy/batch/postgres_ingest.py")
