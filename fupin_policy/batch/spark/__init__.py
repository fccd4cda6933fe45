"""Batches decided by Spark: the compiled module goes to the workers, and rows to it in Arrow batches.

In: DataFrames, or the staged buckets of a run. Out: DataFrames, or kept parts. Called by users and the command line.
Needs the extra `spark`, on the driver and on every worker.
"""

from fupin_policy.batch.spark.frames import decide
from fupin_policy.batch.spark.outcome import DecidedFrame
from fupin_policy.batch.spark.registry import engine
from fupin_policy.batch.spark.session import session

__all__ = ["DecidedFrame", "decide", "engine", "session"]
