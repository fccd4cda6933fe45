"""The engines that are asked for the nine rules of `rules9`, each as its best users would ask it.

How each has the rules stands in `expressions9`, `rego9`, `openfisca9` and `rules9_answers`. Called by `single`.
"""

from __future__ import annotations

from collections.abc import Callable

from expressions9 import prepare_cel, prepare_datalogic, prepare_zen
from openfisca9 import prepare_openfisca
from rego9 import prepare_rego
from rules9_answers import Engine, prepare_python

PEERS: dict[str, tuple[str, Callable[[], Engine]]] = {
    "datalogic-py": ("datalogic-py", prepare_datalogic),
    "zen-engine": ("zen-engine", prepare_zen),
    "CEL (C++)": ("cel-expr-python", prepare_cel),
    "openfisca-core": ("openfisca-core", prepare_openfisca),
    "regopy": ("regopy", prepare_rego),
    "Python by hand": ("", prepare_python),
}
"""By name: the package, and what compiles the rules once."""
