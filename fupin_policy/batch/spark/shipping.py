"""A ruleset on its way to the workers, where it is compiled once for each executor.

In: a `Ruleset` on the driver. Out: a `BatchEvaluator` in each worker's process. Called by `frames` and `registry`.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pyspark import SparkFiles
from pyspark.sql import SparkSession

from fupin_policy.batch.evaluate import BatchEvaluator, BatchRequest
from fupin_policy.core.program import Program
from fupin_policy.files.atomic import locked
from fupin_policy.ruleset import Ruleset

if TYPE_CHECKING:
    from pyspark import Accumulator, Broadcast

WAIT = 600
"""For how many seconds a worker waits for another that compiles."""


@dataclass(frozen=True, slots=True)
class Shipment:
    """A program and its module, sent to each executor once. Two of the same ruleset are equal."""

    digest: str
    payload: Broadcast[bytes] = field(compare=False, repr=False)
    compilations: Accumulator[int] = field(compare=False, repr=False)
    """How many executors have compiled the module, by the tasks that are done."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """What is asked on the driver: by which rules, on which date, and in which form."""

    ruleset: Ruleset
    as_of: str
    asked: BatchRequest


@dataclass(frozen=True, slots=True)
class Order:
    """A question as workers get it."""

    shipment: Shipment
    as_of: str
    asked: BatchRequest


def ship(session: SparkSession, question: Shipped) -> Order:
    """A question made ready to be used in functions that run on workers."""
    return Order(ship_ruleset(session, question.ruleset), question.as_of, question.asked)


def ship_ruleset(session: SparkSession, ruleset: Ruleset) -> Shipment:
    """Make a ruleset ready to be used in functions that run on workers."""
    payload = pickle.dumps((ruleset.program, ruleset.compile()), protocol=pickle.HIGHEST_PROTOCOL)
    context = session.sparkContext
    digest = hashlib.sha256(payload).hexdigest()
    return Shipment(digest, context.broadcast(payload), context.accumulator(0))


# Spark keeps a worker's process for many tasks, which what is unpacked once then serves. Two, for comparisons.
@lru_cache(maxsize=2)
def unpack(shipment: Shipment) -> tuple[Program, BatchEvaluator]:
    """On a worker: the program, ready to decide."""
    program, wasm = pickle.loads(shipment.payload.value)
    serialized = _compiled(shipment, program, wasm)
    return program, BatchEvaluator(Ruleset(program, wasm, serialized))


def _compiled(shipment: Shipment, program: Program, wasm: bytes) -> bytes:
    """The module as compiled by the first of an executor's processes, which share a folder of their own."""
    place = Path(SparkFiles.getRootDirectory()) / f"fupin-{shipment.digest}.compiled"
    with locked(place.with_suffix(".lock"), "wb", WAIT):
        if not place.exists():
            shipment.compilations.add(1)
            aside = place.with_suffix(".part")
            aside.write_bytes(Ruleset(program, wasm).serialize())
            os.replace(aside, place)
        return place.read_bytes()
