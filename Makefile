# Everything from a fresh clone: each target makes the virtual environment first, if it is not there or out of date.
PYTHON ?= python3
ENV ?= dev
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
RECONCILER = $(BIN)/python -m reconciler

.PHONY: apply plan destroy test crash-test check fix lock build image clean

apply: $(READY)  ## build the platform on the embedded AWS
	$(RECONCILER) apply --env $(ENV) --sandbox --yes

plan: $(READY)  ## show what apply would do; changes found (2) is a success here
	@$(RECONCILER) plan --env $(ENV) --sandbox; code=$$?; [ $$code -eq 0 ] || [ $$code -eq 2 ]

destroy: $(READY)  ## take it all back
	$(RECONCILER) destroy --env $(ENV) --sandbox --yes

SANDBOX = 'reconciler/sandbox/*'

test: check  ## linters, types and tests, and the branches that these cover (pyproject.toml holds the floor)
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n auto
	$(BIN)/coverage combine --quiet
	@echo "The embedded AWS: $$($(BIN)/coverage report --format total --include $(SANDBOX) --fail-under 0) % covered"
	$(BIN)/coverage report --omit $(SANDBOX)

crash-test: $(READY)  ## everything goes wrong everywhere (docs/crash-test.md); 2 cores: an hour or more
	PYTHONPATH=.:tests $(BIN)/python -m crash

check: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

fix: $(READY)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

LOCK = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
	--no-emit-package ecs-reconciler --python-version 3.11 pyproject.toml

lock: $(READY)  ## renew both locks: of the product, and of that and what it is developed with
	$(BIN)/pip install --quiet 'uv>=0.8'
	$(LOCK) --upgrade --extra dev --output-file requirements-dev.lock
	$(LOCK) --upgrade --constraint requirements-dev.lock --output-file requirements.lock

build: $(READY)  ## wheel and sdist, in dist/
	$(BIN)/hatchling build --clean

image: requirements.lock  ## the container image, by Docker
	docker build --tag ecs-reconciler .

$(READY): requirements-dev.lock
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

clean:
	rm -rf $(VENV) dist .coverage .coverage.*
