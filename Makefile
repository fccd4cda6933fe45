# Each of these does all of its own set-up: a virtual environment in .venv with what pyproject.toml asks for.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test test-long test-random test-lowest test-hosts test-vscode vsix bench bench-editor bench-service bench-spark coverage docs mutants fuzz clean growth

demo: .venv/installed
	$(BIN)/fupin demo

test: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/fupin check
	$(BIN)/fupin test
	$(BIN)/sphinx-build -W -q -j auto -b html docs .venv/docs
	$(BIN)/python -m pytest -n auto --dist loadfile

# What takes long and seldom fails.
test-long: .venv/installed
	$(BIN)/python -m pytest -n auto --dist load -m long

# The properties on other examples than make test draws, other ones each time.
test-random: .venv/installed
	$(BIN)/python -m pytest -n auto --dist loadfile --hypothesis-profile=random

# The lowest versions that pyproject.toml allows. Deprecations of one old package by another are no faults of ours.
LOWEST := tests/files tests/cli/test_cli_chart.py tests/batch/test_evaluate.py tests/batch/test_run.py tests/batch/population \
	tests/reports/test_worklists.py tests/reports/test_summary.py tests/reports/test_opened_results.py tests/intake tests/analysis/verification/test_formulas.py \
	tests/evaluators/test_abi.py
test-lowest: .venv-lowest/installed
	.venv-lowest/bin/python -m pytest -W default -n auto --dist loadfile $(LOWEST)

# What runs the rules elsewhere, and asks for much to be installed or takes long to build: Node.js, Chromium, C, Spark.
test-hosts: .venv-hosts/installed
	.venv-hosts/bin/python tests/hosts/prepare.py
	FUPIN_HOSTS=whole .venv-hosts/bin/python -m pytest -m "" tests/hosts tests/batch/test_spark.py tests/batch/test_spark_runs.py

# Of these, the extension for VS Code: its own tests, its form and what it declares.
test-vscode: .venv-hosts/installed
	.venv-hosts/bin/python tests/hosts/prepare.py --no-browser
	FUPIN_HOSTS=whole .venv-hosts/bin/python -m pytest tests/hosts/test_vscode_extension.py

# editors/vscode/fupin-policy.vsix; needs Node.js.
vsix:
	cd editors/vscode && npm ci --silent && npm run package

bench: .venv-bench/installed
	.venv-bench/bin/python benchmarks/single.py
	.venv-bench/bin/python benchmarks/lists.py
	.venv-bench/bin/python benchmarks/batch.py
	.venv-bench/bin/python benchmarks/hosts.py
	.venv-bench/bin/python benchmarks/hosts_c.py
	.venv-bench/bin/python benchmarks/site.py

# How the time of explain and of check grows; needs no peers.
growth: .venv/installed
	$(BIN)/python benchmarks/growth.py

# From a keystroke to its diagnostics.
bench-editor: .venv/installed
	$(BIN)/python benchmarks/editor.py

# Requests a second and latencies of the service, beside OpenFisca's web API.
bench-service: .venv-bench/installed
	.venv-bench/bin/python benchmarks/service.py

bench-spark: .venv-hosts/installed
	.venv-hosts/bin/python benchmarks/spark.py

# Wrong inputs for every reader, for ten minutes.
fuzz: .venv/installed
	$(BIN)/python tests/fuzz/run.py --minutes 10

# The lines and branches of the rooms that decide which no test reaches; TESTS="tests/core tests/check" for some tests.
coverage: .venv/installed
	$(BIN)/python -m pytest -n auto --dist loadfile $(TESTS) --cov

# Changes one thing at a time and sees whether a test notices; an hour or so.
mutants: .venv/installed
	$(BIN)/python tests/mutants.py

docs: .venv/installed
	$(BIN)/sphinx-build -W -j auto -b html docs .venv/docs

clean:
	rm -rf .venv .venv-bench .venv-hosts .venv-lowest hosts/js/node_modules

# The peers ask for packages of their own, so they have an environment of their own.
.venv-bench/installed: pyproject.toml benchmarks/requirements.txt
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip install -q --disable-pip-version-check -e '.[batch,hosts,service]' -r benchmarks/requirements.txt
	touch $@

.venv-hosts/installed: pyproject.toml
	$(PYTHON) -m venv .venv-hosts
	.venv-hosts/bin/pip install -q --disable-pip-version-check -e '.[dev,hosts,spark]'
	touch $@

.venv-lowest/installed: pyproject.toml tests/lowest.py
	$(PYTHON) -m venv .venv-lowest
	.venv-lowest/bin/python tests/lowest.py > .venv-lowest/constraints.txt
	.venv-lowest/bin/pip install -q --disable-pip-version-check -c .venv-lowest/constraints.txt \
		-e '.[testing,batch,postgres,proof,chart]' pytest pytest-xdist
	touch $@

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check -e '.[dev]'
	touch $@
