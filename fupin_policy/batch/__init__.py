"""Many households at once: Arrow record batches in, decisions out, by the same compiled module.

In: a `Ruleset` and record batches. Out: record batches, and what was rejected. Called by users, `cli`, `reports`. Needs
the extra: `pip install fupin-policy[batch]`.
Imports `core`, `decisions`, `diagnostics`, `documents`, `evaluators.wasm`, `files`, `intake`, `prose`,
`ruleset`.
"""

from fupin_policy.batch.evaluate import BatchEvaluator

__all__ = ["BatchEvaluator"]
