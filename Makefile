# The two commands of the README are `make demo` and `make test`. They set everything up by themselves.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
SHARED ?= ../shared
# all of tests/web but those that start servers of their own, or one on each database
POSTGRES_TESTS ?= tests/web --ignore=tests/web/test_operations.py --ignore=tests/web/test_hardship.py \
	--ignore=tests/web/test_writers.py

.PHONY: help setup demo demo-web test test-postgres check lint types imports unit quality benchmark benchmark-reuse benchmark-reuse-full lock docs clean fuzz

help:            ## this list
	@grep -E '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

setup: $(READY)  ## make .venv, install everything from the lock, compile the kernels

$(READY): requirements.lock pyproject.toml scripts/setup.sh
	@PYTHON="$(PYTHON)" bash scripts/setup.sh $(VENV)
	@touch $@

demo: $(READY)   ## take our made-up province's documents apart and name the files that come of it
	@$(BIN)/luoshi build demo/documents --out demo-out

demo-web: $(READY) ## the web application with the same province, on http://127.0.0.1:8000
	@$(BIN)/luoshi demo --data demo-web-data

test: $(READY)   ## all tests; those that need the real documents skip where these are missing
	@bash scripts/system.sh
	$(BIN)/python -m pytest -n 2 -q

test-postgres: $(READY) ## the web tests that touch the database, on PostgreSQL instead of SQLite
	@bash scripts/system.sh
	$(BIN)/python scripts/with_postgres.py $(BIN)/python -m pytest -q -p no:cacheprovider $(POSTGRES_TESTS)

check: lint types imports  ## ruff, mypy --strict, the walls between the rooms

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

imports: $(READY)
	$(BIN)/lint-imports

quality: $(READY) ## score the records of the seeds against the gold, with gains and losses
	@$(BIN)/python scripts/quality.py --shared $(SHARED)

benchmark: $(READY) ## speed, as ratios in one run
	@$(BIN)/python benchmarks/speed.py --shared $(SHARED)

benchmark-reuse: $(READY) ## text reuse: what is found of planted passages, time, memory; 1 and 10 MB (PEER="passim=PYTHON")
	@$(BIN)/python benchmarks/reuse/run.py --shared $(SHARED) --sizes 1,10 $(if $(PEER),--peer "$(PEER)")

benchmark-reuse-full: $(READY) ## the same up to 1 GB, and the ranking of laws
	@$(BIN)/python benchmarks/reuse/run.py --shared $(SHARED) --sizes 1,10,33,110,1000 --preset thorough --preset fast $(if $(PEER),--peer "$(PEER)")
	@$(BIN)/python benchmarks/reuse/basis.py --shared $(SHARED)

fuzz: $(READY)   ## break twelve thousand files and read them; a failure names the seed
	FUZZ_ROUNDS=12000 $(BIN)/python -m pytest -q tests/property/test_fuzz_readers.py

docs: $(READY)   ## write the generated parts of docs/reference again
	$(BIN)/python scripts/reference.py

lock: $(READY)   ## resolve the dependencies again and write requirements.lock
	@bash scripts/lock.sh $(BIN)

clean:           ## remove what was made, but not .venv
	rm -rf demo-out build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
