"""Invented registers of any size, after a population file. Needs the extra `batch` (numpy, pyarrow).

In: a program and a population file. Out: record batches, or two files. Called by the command line and users.
"""

from fupin_policy.batch.population.population import read_population
from fupin_policy.batch.population.tables import MAX_HOUSEHOLDS, synthesize
from fupin_policy.batch.population.writing import tables_of, write_registry

__all__ = ["MAX_HOUSEHOLDS", "read_population", "synthesize", "tables_of", "write_registry"]
