# All tasks of a developer: `make help` lists the targets.
#
# Requires Python 3.11 or later, make and (on Debian and Ubuntu) python3-venv. The first target that needs it creates a
# virtual environment in .venv and installs the project there. It is reinstalled only when pyproject.toml changes: a
# stamp file in .venv records the last installation.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VENV ?= .venv
BIN := $(VENV)/bin
# The port of `make demo`.
PORT ?= 8000
# Size of the benchmark.
CONTACTS ?= 1000000
COMPANIES ?= 100000
# The number of tests that run in parallel: one more than there are processors, because many wait for servers.
JOBS ?= $(shell expr $$(nproc) + 1)
# The number of mutated files that `make reliability` imports.
FILES ?= 20000
# The seed of its random mutations (default: a new one, which is printed).
SEED ?=
# The number of processes that it kills in the middle of imports, uploads, undoing, and saving the index.
KILLS ?= 500
# The number of times that it kills each kind of node of an OpenSearch cluster, and the primary of PostgreSQL.
FAILOVERS ?= 2
# The number of random texts, requests and files of each kind with which it looks for what is handled badly or slowly.
FUZZ ?= 1000000
# How many seconds it changes a home while all workers of a server are asked, the longest lag of a worker that it allows, and
# how many seconds it loads a server.
FRESH_SECONDS ?= 600
LAG_SECONDS ?= 1
SOAK_SECONDS ?= 3600
# Further arguments for pytest: make test ARGS="tests/query -k cursor"
ARGS ?=

# Compiled modules are always stored: the tests start hundreds of processes, each of which would compile the program again.
unexport PYTHONDONTWRITEBYTECODE

# Two stamps: the demo needs the project alone, everything else the tools and optional parts too.
RUNTIME := $(VENV)/.installed-runtime
DEV := $(VENV)/.installed-dev

.PHONY: help demo test bench reliability check format format-check lint types imports style sample clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(RUNTIME) ## Load the bundled sample and serve it on http://127.0.0.1:8000 (PORT=8123 for another port)
	@$(BIN)/python -P -m letrics.cli demo --home .demo --port $(PORT) || [ $$? -eq 130 ]  # Ctrl-C is how it ends

# Work stealing: each process runs neighbouring tests, so that what the tests of a file share is made once.
# The browser tests need Chromium (apt-get install chromium, or CHROMIUM=/path/of/one); without it they are skipped.
test: $(DEV) ## Run all tests that need no external server; list skipped tests with reasons
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal -ra $(ARGS)

bench: $(DEV) ## Measure the program and its peers at a million contacts (CONTACTS=10000000 COMPANIES=1000000 for more, ARGS='--cluster URL' with OpenSearch)
	@$(BIN)/python benchmarks/run.py --contacts $(CONTACTS) --companies $(COMPANIES) $(ARGS)

# A failure names its file by number. That file alone: LETRICS_MUTATION=12 make reliability SEED=7
reliability: $(DEV) ## Run all long tests: hours of random files and inputs, bombs, damage, full disks, kills, overload, failovers (FILES=500 FUZZ=20000 KILLS=50 FRESH_SECONDS=60 SOAK_SECONDS=60 for less, SEED=7 to repeat a run)
	@LETRICS_MUTATIONS=$(FILES) $(BIN)/python -m pytest -q -s tests/reliability/test_mutated_files.py $(if $(SEED),--seed $(SEED)) $(ARGS)
	@FUZZ=$(FUZZ) $(BIN)/python -m pytest -q -s tests/reliability/test_fuzz_*.py $(if $(SEED),--seed $(SEED)) $(ARGS)
	@BOMBS=1 $(BIN)/python -m pytest -q -s tests/reliability/test_bombs.py $(ARGS)
	@FRESH_SECONDS=$(FRESH_SECONDS) LAG_SECONDS=$(LAG_SECONDS) $(BIN)/python -m pytest -q -s tests/reliability/test_changing_home.py -k pages $(ARGS)
	@SOAK_SECONDS=$(SOAK_SECONDS) MEMORY_GROWTH=0.02 $(BIN)/python -m pytest -q -s tests/reliability/test_changing_home.py -k soak $(ARGS)
	@ALL_PAIRS=1 $(BIN)/python -m pytest -q tests/conformance tests/property $(ARGS)
	@OVERLOAD=1 $(BIN)/python -m pytest -q -s -n0 tests/reliability/test_overload.py $(ARGS)
	@ERASURE_OTHERS=20000 $(BIN)/python -m pytest -q -s tests/reliability/test_erasure.py $(ARGS)
	@KILLS=$(KILLS) $(BIN)/python -m pytest -q -s tests/reliability/test_kills.py $(if $(SEED),--seed $(SEED)) $(ARGS)
	@DAMAGED_PLACES=334 DISK_POINTS=0 $(BIN)/python -m pytest -q -s tests/engines/bitmap/test_snapshot.py tests/reliability/test_damaged_files.py tests/reliability/test_full_disk.py $(if $(SEED),--seed $(SEED)) $(ARGS)
	@DAMAGED_PLACES=100 $(BIN)/python -m pytest -q -s tests/reliability/test_damaged_rows.py tests/reliability/test_damaged_requests.py $(if $(SEED),--seed $(SEED)) $(ARGS)
	@FAILOVERS=$(FAILOVERS) $(BIN)/python -m pytest -q -s tests/reliability/test_opensearch_*.py tests/reliability/test_postgres_*.py $(ARGS)

# Exactly what continuous integration runs, the quickest first.
check: format-check lint types imports style test ## Check format, lint, types, import rules and style, then run the tests

format: $(DEV) ## Format the code and apply the linter's automatic fixes
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

format-check: $(DEV) ## Check that the code is formatted
	@$(BIN)/ruff format --check .

lint: $(DEV) ## Run the linter
	@$(BIN)/ruff check .

types: $(DEV) ## Check the types
	@$(BIN)/mypy

imports: $(DEV) ## Check which packages may import each other
	@$(BIN)/lint-imports

# ARGS narrows it: make style ARGS="--only phrases docs", or --summary for counts by file.
style: $(DEV) ## Check constants, names, commit subjects and prose against the style
	@$(BIN)/python -m scripts.check_style $(ARGS)

sample: $(DEV) ## Rebuild the bundled sample from the open data in SOURCE=DIR
	@$(BIN)/python -m scripts.build_sample $(SOURCE)

clean: ## Remove the virtual environment, the demo's data and all caches
	rm -rf $(VENV) .demo .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(RUNTIME): pyproject.toml scripts/make_venv.sh
	@scripts/make_venv.sh $(VENV)
	@echo "Installing Letrics in $(VENV) (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(DEV): pyproject.toml scripts/make_venv.sh
	@scripts/make_venv.sh $(VENV)
	@echo "Installing Letrics and its development tools in $(VENV) (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[parquet,postgres,xlsx,zstd]' --group dev
	@touch $@ $(RUNTIME)
