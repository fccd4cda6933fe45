"""A session of Spark for the tests, with two workers in one executor. In: nothing. Out: a fixture."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pyspark.sql import SparkSession

from fupin_policy.batch.spark import session


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    """Two workers in one executor."""
    started = session("local[2]", {"spark.sql.shuffle.partitions": "3"})
    yield started
    started.stop()
