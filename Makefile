# Two commands do everything on a new machine with Python 3.11, git and make:
#   make run    the whole platform, filled with a made-up city (CITY=riverton make run: a small one)
#   make test   every check and every test, with what they need
# Paths stay relative: this folder's own path may hold spaces.

PYTHON ?= python3
CITY ?= $(or $(HAIHE_CITY),tianjin)
NAME ?=
WORKERS ?= 2
OURS := .venv/bin/python
HAIHE := $(OURS) -m haihe.project.command
CHECKED := HAIHE_CITY=riverton HAIHE_DATA=.tools/check HAIHE_DATABASE_URL=

export PYTHONUTF8 := 1
# Where bytecode is not kept, each of our processes compiles two thousand modules anew: seconds.
unexport PYTHONDONTWRITEBYTECODE
export HAIHE_CITY := $(CITY)
export HAIHE_DATA ?= var/$(CITY)

.DEFAULT_GOAL := help
.PHONY: help setup run seed test check fix docs journeys bench soak release

help: ## Show this list
	@echo "make <word>, where <word> is one of"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 14

setup: ## Install everything into .venv, build the pages' files
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Haihe needs\
 Python 3.11 or newer as $(PYTHON). Install one and name it: make PYTHON=python3.11 run"; exit 1; }
	@$(PYTHON) tools/setup.py

run: setup ## Start the whole platform in demo mode; Ctrl-C stops it (CITY=riverton: the small one)
	@exec $(HAIHE) up --demo

seed: setup ## Make a city's department databases (SCALE=20000 people)
	@exec $(HAIHE) seed $(if $(SCALE),--scale $(SCALE))

test: setup ## Install what tests need where that is allowed, check, run all tests
	@$(OURS) tools/test_needs.py
	@$(MAKE) --no-print-directory check
	@HAIHE_CITY= HAIHE_DATA= exec $(OURS) -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(TESTS)

check: setup ## Format, lint, types, import contracts, spelling
	@$(OURS) -m ruff format --check --quiet . || { echo "Run: make fix"; exit 1; }
	@$(OURS) -m ruff check --quiet .
	@$(CHECKED) $(OURS) -m mypy --no-error-summary
	@.venv/bin/lint-imports
	@$(OURS) -m codespell_lib
	@echo "All checks passed."

fix: setup ## Format, and mend what can be mended by itself
	@$(OURS) -m ruff check --quiet --fix-only .
	@$(OURS) -m ruff format --quiet .

docs: setup ## Write the generated reference
	@$(CHECKED) $(HAIHE) docs reference

journeys: setup ## Only the journeys, in a real browser
	@$(OURS) tools/test_needs.py
	@HAIHE_CITY= HAIHE_DATA= exec $(OURS) -m pytest -q tests/journeys

bench: setup ## A benchmark: make bench NAME=exchange (without NAME: the list)
	@$(HAIHE) bench $(or $(NAME),--help)

soak: setup ## Load and kills for an hour (MINUTES=60)
	@MINUTES=$(or $(MINUTES),60) $(OURS) tools/soak.py

release: check ## Build the wheel into dist/
	@$(OURS) tools/release.py
