# Plainly. `make` alone lists what can be asked for.
.DEFAULT_GOAL := help
.PHONY: help setup run test check lint train bench lock clean
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
PY := .venv/bin/python

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' Makefile

setup: ## make both environments (run, test and the others call it themselves)
	@scripts/python scripts/setup.py

run: setup ## start everything and print the URL; Ctrl-C stops it
	@exec $(PY) -m plainly.run

test: setup ## everything that checks: linters, types, policies, then all tests
	@exec $(PY) scripts/test.py

check: setup ## linters, types and the policy folder
	@exec $(PY) scripts/test.py --check-only

lint: setup ## linters and types alone
	@exec $(PY) scripts/test.py --lint-only

train: setup ## train the Rasa model, unless it is up to date
	@exec $(PY) -m plainly.run.training

bench: setup ## speed and quality figures
	@exec $(PY) -m benchmarks

lock: setup ## pin every package anew, with hashes
	@exec sh scripts/lock

clean: ## remove environments, models, logs and the local database
	rm -rf .venv .venv-rasa .tools .rasa models var *.egg-info .mypy_cache .ruff_cache .pytest_cache
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
