"""The buckets of a run decided on Spark's workers, which see the folder that the driver staged them in.

In: a session. Out: an `Engine` for `run`. Called by users and the command line.
Workers keep each bucket's result there themselves; only word that it is done goes through Spark.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

from pyspark.sql import SparkSession

from fupin_policy.batch.checkpoints import Work
from fupin_policy.batch.counts import Counts
from fupin_policy.batch.run import Engine
from fupin_policy.batch.spark.session import FAILURES, stopped
from fupin_policy.batch.spark.shipping import ship_ruleset, unpack
from fupin_policy.diagnostics import InputError
from fupin_policy.ruleset import Ruleset

LOOK = 0.5
"""Seconds between looks at what is done."""


def engine(session: SparkSession) -> Engine:
    """Buckets decided on a session's workers, a task each.

    Raises InputError where a worker stops, or does not see the folder.
    """

    def decide(ruleset: Ruleset, work: Work, numbers: Sequence[int]) -> Iterator[Counts]:
        with ThreadPoolExecutor(1) as pool:
            job = pool.submit(_run, session, ruleset, work, numbers)
            try:
                yield from _as_they_come(job, work, numbers)
            finally:
                session.sparkContext.cancelJobGroup(_group(work))

    return decide


def _run(session: SparkSession, ruleset: Ruleset, work: Work, numbers: Sequence[int]) -> None:
    shipment, context = ship_ruleset(session, ruleset), session.sparkContext

    def decide(number: int) -> None:
        program, evaluator = unpack(shipment)
        work.decide(evaluator, program, number)

    context.setJobGroup(_group(work), "fupin run", interruptOnCancel=True)
    context.parallelize(numbers, len(numbers)).foreach(decide)


def _group(work: Work) -> str:
    return f"fupin run {work.folder}"


def _as_they_come(job: Future[None], work: Work, numbers: Sequence[int]) -> Iterator[Counts]:
    left = list(numbers)
    while left:
        ended = not wait([job], LOOK).not_done
        for number in [one for one in left if work.is_done(one)]:
            left.remove(number)
            yield work.counts(number)
        if ended:
            break
    try:
        job.result()
    except FAILURES as error:
        raise stopped(error) from error
    if left:
        raise InputError.of("B120", str(work.folder), folder=str(work.folder))
