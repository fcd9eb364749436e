# Each target makes what it needs in $(VENV) and reuses what is there. `make` alone lists them.
PYTHON ?= python3
VENV ?= .venv
OUT ?= demo-out
PORT ?= 8000

BIN := $(VENV)/bin
# The constraints file keeps torch where it is, whatever a resolver would like better.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
SUPPORTED := import sys; sys.exit(sys.version_info < (3, 11))
INPUTS := pyproject.toml constraints.txt

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint format serve bench install install-dev clean

help:
	@echo "make demo         the whole way on a public-domain portrait; the report lands in $(OUT)/report.html"
	@echo "make test         all tests"
	@echo "make lint         ruff and mypy"
	@echo "make format       let ruff put the code in order"
	@echo "make bench        every script in benchmarks/"
	@echo "make serve        the web service, on this machine alone: http://127.0.0.1:$(PORT)"
	@echo "make install      only the base package and what the demo needs, in $(VENV)"
	@echo "make install-dev  everything that the tests need, torch included, in $(VENV)"
	@echo "make clean        remove $(VENV) and the tools' caches"

demo: $(VENV)/.demo-stamp
	$(BIN)/dermagrade demo --out $(OUT)
	@echo "The report is in $(OUT)/report.html"

test: $(VENV)/.test-stamp
	$(BIN)/python -m pytest -q -n auto --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.test-stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.test-stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

serve: $(VENV)/.serve-stamp
	$(BIN)/dermagrade serve --port $(PORT)

bench: $(VENV)/.test-stamp
	@set -e; for script in benchmarks/*.py; do \
		[ -e "$$script" ] || { echo "There are no benchmarks yet."; exit 0; }; \
		echo "$$script"; $(BIN)/python "$$script"; \
	done

install: $(VENV)/.demo-stamp

install-dev: $(VENV)/.test-stamp

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

# A virtual environment that is there and works is kept; half a one (no pip) is made anew.
$(VENV)/.venv-stamp:
	@if $(BIN)/python -m pip --version >/dev/null 2>&1; then \
		$(BIN)/python -c '$(SUPPORTED)' || { \
			echo "$(VENV) was made by a Python older than 3.11; remove it with 'make clean'." >&2; exit 2; }; \
	else \
		$(PYTHON) -c '$(SUPPORTED)' 2>/dev/null || { \
			echo "Dermagrade needs Python 3.11 or later and '$(PYTHON)' is none;" \
				"name one that is, for example: make test PYTHON=python3.12" >&2; exit 2; }; \
		$(PYTHON) -m venv --clear $(VENV); \
	fi
	@touch $@

$(VENV)/.demo-stamp: $(INPUTS) | $(VENV)/.venv-stamp
	$(INSTALL) -e '.[demo]'
	@touch $@

$(VENV)/.serve-stamp: $(INPUTS) | $(VENV)/.venv-stamp
	$(INSTALL) -e '.[server]'
	@touch $@

# All that the tests need includes all that the demo and the service need.
$(VENV)/.test-stamp: $(INPUTS) | $(VENV)/.venv-stamp
	$(INSTALL) -e '.[demo,train,server,openvino,dev]'
	@touch $(VENV)/.demo-stamp $(VENV)/.serve-stamp $@
