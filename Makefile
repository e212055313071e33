# The front door. `make` alone lists the targets.
SHELL := /bin/sh
.DEFAULT_GOAL := help
STACK ?= dev
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; exit; }; done; echo python3)
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help setup preview test check format schema bench tools up clean

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-18s %s\n", $$1, $$2}'
	@echo
	@echo "  STACK=dev|staging|production chooses the stack of preview and up (now: $(STACK))"

$(READY): requirements.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "plinth: $(PYTHON) was not found; install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3" >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "plinth: Python 3.11 or newer is needed, $(PYTHON) is $$($(PYTHON) -V 2>&1); name a newer one: make PYTHON=python3.12" >&2; exit 2; }
	@echo "Setting up .venv with $$($(PYTHON) -V) (once, about a minute) …" >&2
	@$(PYTHON) -m venv --clear .venv || { echo "plinth: $(PYTHON) cannot make a virtual environment; on Debian and Ubuntu install the package python3-venv" >&2; exit 2; }
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@touch $@

setup: $(READY) ## Set up .venv from the lock (the other targets do it when needed)

preview: $(READY) ## Preview STACK offline and judge it: no account, no Pulumi CLI
	@$(BIN)/plinth preview "$(STACK)"

test: $(READY) ## Run the tests; those that need more say that they did not run
	@$(BIN)/pytest -n auto --dist loadscope --cov --cov-report=term

check: $(READY) ## Linters, types, layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/mypy

format: $(READY) ## Let ruff format and mend what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

schema: $(READY) ## Renew stacks/schema.json from the settings models
	@$(BIN)/plinth schema > stacks/schema.json.new && mv stacks/schema.json.new stacks/schema.json

bench: $(READY) ## Measure preview and policy pack as ratios to a baseline
	@$(BIN)/python -m bench

tools: ## Install what the fault and alert tests need (promtool, nats-server) into .tools/bin; needs Go
	@command -v go >/dev/null 2>&1 || { echo "plinth: go was not found; install Go 1.25 or newer, or put promtool and nats-server on PATH yourself" >&2; exit 2; }
	@GOBIN="$(CURDIR)/.tools/bin" GOFLAGS=-mod=mod go -C tools install tool

up: $(READY) ## pulumi up STACK with the policy pack; needs the Pulumi CLI and cloud credentials
	@command -v pulumi >/dev/null 2>&1 || { echo "plinth: the Pulumi CLI was not found; see https://www.pulumi.com/docs/install/" >&2; exit 2; }
	@pulumi up --stack "$(STACK)" --policy-pack policies

clean: ## Remove .venv, .tools and caches
	@rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .import_linter_cache *.egg-info
