# Each of these does all of its own set-up: a virtual environment in .venv with what pyproject.toml asks for.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test bench docs clean

demo: .venv/installed
	$(BIN)/fupin demo

test: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/fupin check
	$(BIN)/fupin test
	$(BIN)/sphinx-build -W -q -b html docs .venv/docs
	$(BIN)/python -m pytest -n auto --dist loadfile

bench: .venv-bench/installed
	.venv-bench/bin/python benchmarks/single.py
	.venv-bench/bin/python benchmarks/batch.py

docs: .venv/installed
	$(BIN)/sphinx-build -W -b html docs .venv/docs

clean:
	rm -rf .venv .venv-bench

# The peers ask for packages of their own, so they have an environment of their own.
.venv-bench/installed: pyproject.toml benchmarks/requirements.txt
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip install -q --disable-pip-version-check -e '.[batch]' -r benchmarks/requirements.txt
	touch $@

.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check -e '.[dev]'
	touch $@
