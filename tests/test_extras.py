"""What is said to be optional, and in which versions, is so."""

from __future__ import annotations

import subprocess
import sys
import tomllib

import numpy as np
import pyarrow as pa
import pytest
from lowest import EXTRAS, PROJECT, constraints

from fupin_policy.batch.buffers import entries
from fupin_policy.cli import main

pytestmark = pytest.mark.fault("C14")
OPTIONAL = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["optional-dependencies"]
DISTRIBUTIONS = {"z3": "z3-solver", "adbc_driver_manager": "adbc-driver-manager", "py4j": "pyspark", "mcp_types": "mcp"}
DISTRIBUTIONS["adbc_driver_postgresql"] = "adbc-driver-postgresql"


@pytest.mark.parametrize(("extra", "package"), [(name, one) for name, all_ in main._EXTRAS.items() for one in all_])
def test_a_missing_package_is_of_the_extra_that_is_named(extra: str, package: str) -> None:
    assert any(one.startswith(DISTRIBUTIONS.get(package, package)) for one in OPTIONAL[extra])


def test_every_bound_is_tried() -> None:
    declared = [one for extra in EXTRAS for one in OPTIONAL[extra] if not one.startswith("fupin-policy")]
    assert len(constraints()) == len(declared) + 5 and all("==" in one for one in constraints())


@pytest.mark.parametrize("kind", [pa.int8(), pa.uint16(), pa.int64(), pa.float32(), pa.float64(), pa.date32()])
def test_entries_stand_as_arrow_has_them(kind: pa.DataType) -> None:
    found = entries(pa.array([0, 1, None, 100], pa.int32() if kind == pa.date32() else kind).cast(kind)[1:])
    assert found[[0, 2]].tolist() == [1, 100] and found.dtype.itemsize * 8 == kind.bit_width
    assert np.issubdtype(found.dtype, np.floating) == pa.types.is_floating(kind)


def test_a_run_asks_for_no_pandas(tmp_path: object) -> None:
    imports = "import fupin_policy.batch.run, fupin_policy.reports.worklist, fupin_policy.reports.summary"
    hidden = f"import sys; sys.modules['pandas'] = None; {imports}"
    subprocess.run([sys.executable, "-c", hidden], check=True)
