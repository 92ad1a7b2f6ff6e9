SHELL := /bin/bash
.DEFAULT_GOAL := help
.SUFFIXES:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
BIN := .venv/bin

# Only the browser tests need it.
find_chromium = CHROMIUM="$$($(PYTHON) local/chromium.py)" || exit 1; export CHROMIUM;

##@ Use it

.PHONY: help
help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@/ { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: $(BIN)/installed ## Run Workbill, a cloud and a Xero on this machine, until Ctrl-C
	@$(BIN)/python -m local.cloud --stop-with-parent

.PHONY: demo
demo: $(BIN)/installed ## Walk the whole journey, from connect to paid, and print each step
	@$(BIN)/python -m local.demo

.PHONY: code
code: $(BIN)/installed ## Print the demo tenant's present second-factor code
	@$(BIN)/python -m local.demo.code

.PHONY: tenant
tenant: $(BIN)/installed ## Make a tenant: NAME="Acme Ltd" EMAIL=ann@acme.test, STACK=name for AWS
	@$(BIN)/python -m local.tenant --name "$(NAME)" --email "$(EMAIL)"

.PHONY: mail
mail: $(BIN)/installed ## Print what the Workbill on this machine has e-mailed
	@$(BIN)/python -m local.mail

.PHONY: audit-verify
audit-verify: $(BIN)/installed ## Check an exported trail: FILE=export.jsonl, KEY=public.pem, EARLIER=older.jsonl
	@$(BIN)/python -m local.audit_verify "$(FILE)" --key "$(KEY)" --earlier "$(EARLIER)"

##@ Change it

# These share one deployed stack, in this order: people of other tests in the local Xero would
# change what journeys see, and the last of them judges what the others made the stack do.
OVER_THE_STACK := tests/journeys tests/browser tests/deployment

.PHONY: test
test: $(BIN)/installed ## Run all tests, or some of them: T=tests/invoices
	@set -e; CHROMIUM="$$($(PYTHON) local/chromium.py)"; export CHROMIUM; \
	if [ -n "$(T)" ]; then exec $(BIN)/pytest $(T); fi; \
	$(BIN)/pytest -n 2 --dist loadfile $(OVER_THE_STACK:%=--ignore=%) tests; \
	$(BIN)/pytest $(OVER_THE_STACK)

.PHONY: soak
soak: $(BIN)/installed ## Run the randomised tests for longer, on other paths each time
	@MACHINE_EXAMPLES=400 TOTALS_EXAMPLES=50000 $(BIN)/pytest --timeout=7200 \
	  tests/connection/test_tokens_machine.py tests/properties
	@set -o pipefail; first=$${FAULT_SEED:-$$(date +%s)}; for seed in $$(seq $$first $$((first + 39))); do \
	  FAULT_SCHEDULES=250 FAULT_SEED=$$seed $(BIN)/pytest -s --timeout=14400 \
	    tests/invoices/test_fault_machine.py | grep -v '^{"' || exit 1; done
	@DRIFT_EXAMPLES=300 $(BIN)/pytest --timeout=3600 tests/invoices/test_drift.py
	@set -o pipefail; FLEET_ORGANISATIONS=100000 $(BIN)/pytest -s --timeout=3600 tests/dispatch/test_fleet.py | grep -v '^{"'
	@BULK_INVOICES=1000 $(BIN)/pytest --timeout=3600 tests/journeys/test_many_at_once.py
	@KILLED_SENDERS=50 DELIVERIES=1000 $(BIN)/pytest -s --timeout=3600 \
	  tests/journeys/test_killed_while_sending.py tests/journeys/test_webhook_deliveries.py
	@IMPORT_ROWS=50000 $(BIN)/pytest --timeout=3600 tests/journeys/test_files_of_time.py
	@$(BIN)/python -m bench.large

.PHONY: mutants
mutants: $(BIN)/installed ## Take one guard away at a time: the tests must notice each
	@$(BIN)/python -m tests.mutants

.PHONY: check
check: $(BIN)/installed ## Lint and check types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

.PHONY: bench
bench: $(BIN)/installed ## Count calls and compare times with the limits
	@$(BIN)/python -m bench

##@ Ship it

.PHONY: package
package: $(BIN)/installed ## Package for AWS into build/package
	@$(BIN)/python -m local.cloud.package

.PHONY: clean
clean: ## Remove local data and everything built
	@! [ -e .local/lock ] || flock -n .local/lock true || \
	  { echo "Workbill runs here: stop it first." >&2; exit 1; }
	@rm -rf .local build .chalice/deployments .mypy_cache .ruff_cache .pytest_cache

# Made once and again whenever the pinned requirements change.
$(BIN)/installed: requirements-dev.txt local/bootstrap.py
	@$(PYTHON) local/bootstrap.py
