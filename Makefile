# The front door. `make` alone lists the targets.
SHELL := /bin/sh
.DEFAULT_GOAL := help
STACK ?= dev
# What a user gives reaches commands through the environment, as it is: neither make nor the shell reads it as anything but a name.
override STACK := $(value STACK)
override CHARTS := $(value CHARTS)
override PROGRAMS := $(value PROGRAMS)
override NODES := $(value NODES)
override ZONES := $(value ZONES)
export STACK CHARTS PROGRAMS NODES ZONES
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; exit; }; done; echo python3)
export PYTHON
BIN := .venv/bin
READY := .venv/.ready

.PHONY: again help setup preview doctor rehearse test check format schema bench tools up clean

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-18s %s\n", $$1, $$2}'
	@echo
	@echo "  STACK=NAME chooses the stack of preview, doctor, rehearse and up, NAME of stacks/Pulumi.NAME.yaml (now: $$STACK)"

# Made anew also where .venv was moved, copied or damaged.
$(READY): requirements.txt pyproject.toml $(if $(shell tools/setup.sh check),,again)
	@tools/setup.sh

again:

setup: $(READY) ## Set up .venv from the lock (the other targets do it when needed)

preview: $(READY) ## Preview STACK offline and judge it: no account, no Pulumi CLI
	@$(BIN)/python -m cli preview --stack="$$STACK"

doctor: $(READY) ## Ask the real cluster of STACK, by its kubeconfig context, what it lacks
	@$(BIN)/python -m cli doctor "$$STACK"

rehearse: $(READY) ## Try STACK on simulated nodes and take a zone away; CHARTS, PROGRAMS, NODES, ZONES: docs/rehearsal.md
	@$(BIN)/python -m cli rehearse $${CHARTS:+--charts="$$CHARTS"} $${PROGRAMS:+--programs="$$PROGRAMS"} \
	  $${NODES:+--nodes="$$NODES"} $${ZONES:+--zones="$$ZONES"} -- "$$STACK"

test: $(READY) ## Run the tests; those that need more say that they did not run
	@$(BIN)/pytest -n auto --dist loadscope $(if $(COVERAGE),--cov --cov-report=term)

check: $(READY) ## Linters, types, layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/mypy

format: $(READY) ## Let ruff format and mend what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

schema: $(READY) ## Renew stacks/schema.json from the settings models
	@$(BIN)/python -m cli schema > stacks/schema.json.new && mv stacks/schema.json.new stacks/schema.json

bench: $(READY) ## Measure preview and policy pack as ratios to a baseline
	@$(BIN)/python -m bench

tools: ## Get what the alert and fault tests need: promtool and nats-server by Go, into .tools/bin; brokers and databases by apt
	@command -v go >/dev/null 2>&1 || { echo "plinth: go was not found; install Go 1.25 or newer, or put promtool and nats-server on PATH yourself" >&2; exit 2; }
	@echo "Building promtool and nats-server into .tools/bin (once, some minutes) …" >&2
	@GOBIN="$(CURDIR)/.tools/bin" GOFLAGS=-mod=mod go -C tools install tool
	@tools/servers.sh

up: $(READY) ## pulumi up STACK with the policy pack; needs the Pulumi CLI and cloud credentials
	@command -v pulumi >/dev/null 2>&1 || { echo "plinth: the Pulumi CLI was not found; see https://www.pulumi.com/docs/install/" >&2; exit 2; }
	@pulumi up --stack "$$STACK" --policy-pack policies

clean: ## Remove .venv, .tools and caches
	@rm -rf .venv .venv.lock .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .import_linter_cache *.egg-info
