# Two commands: `make site` builds and shows the help centers, `make test` runs every test.
# Both set up all they need in .venv (and, for the tests, system packages).
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000

.PHONY: site serve test lint types bench clean

site: $(VENV)/.run
	$(BIN)/hcgen build
	@echo
	@echo "The help centers are built. Open http://127.0.0.1:$(PORT)/"
	@if [ -t 1 ]; then $(BIN)/hcgen serve --port $(PORT); else echo "once \`make serve\` runs."; fi

serve: $(VENV)/.run
	$(BIN)/hcgen serve --port $(PORT)

test: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

lint: $(VENV)/.test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/.test
	$(BIN)/mypy

bench: $(VENV)/.test
	$(BIN)/python -m bench.races
	$(BIN)/python -m bench.corpora

$(VENV)/bin/python:
	@.ci/environment $(PYTHON) $(VENV)

$(VENV)/.run: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.test: $(VENV)/bin/python pyproject.toml tests/system-packages
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@tests/system-packages
	@touch $@ $(VENV)/.run

clean:
	rm -rf $(VENV) .hcgen site site.rejected .site.* site-mkdocs bench/work .mypy_cache .ruff_cache .pytest_cache .hypothesis
