"""How benefits change while one fact of a household runs: `varied` → `along` → `segments` → `cliffs` → `telling`.

In: a ruleset, a household, a fact. Out: exact segments, thresholds and cliffs, and these in words or as plain data.
Called by `commands` and `drawing`.
"""
