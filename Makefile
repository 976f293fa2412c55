# Two commands: `make site` builds and shows the help centers, `make test` runs the tests.
# Both set up all they need in .venv (and, for the tests, system packages).
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
WEB := tests/web

.PHONY: site serve test test-pages lint types bench clean

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
	$(BIN)/python -m pytest -n auto --dist worksteal

# With the tests marked `full`, which pytest leaves out otherwise (tests/web/README.md).
test-pages: $(VENV)/.test
	$(BIN)/python -m pytest -n auto --dist worksteal -m "" $(WEB)

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

$(VENV)/.test: $(VENV)/bin/python pyproject.toml tests/system-packages $(WEB)/node_modules/.ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@tests/system-packages
	@touch $@ $(VENV)/.run

# Checkers of pages, in the versions of the lock file; scripts of packages are not run, nor browsers downloaded.
$(WEB)/node_modules/.ready: $(WEB)/package.json $(WEB)/package-lock.json tests/system-packages
	@tests/system-packages
	@cd $(WEB) && PUPPETEER_SKIP_DOWNLOAD=1 npm ci --loglevel=error --ignore-scripts --no-audit --no-fund >/dev/null
	@touch $@

clean:
	rm -rf $(VENV) .venv-cms .hcgen site site.rejected .site.* site-mkdocs bench/work $(WEB)/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
