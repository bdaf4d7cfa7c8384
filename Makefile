# The two that a newcomer needs are `make run` and `make test`; `make help` lists all.

# The first Python ≥ 3.11 on PATH makes .venv; afterwards only .venv is used.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
PY := .venv/bin/python
RUN_LOCKS := requirements.txt requirements-build.txt
DEV_LOCKS := requirements-dev.txt
# node of .venv before any other
NODE := PATH="$(CURDIR)/.venv/bin:$$PATH"
NPM := cd pwa && $(NODE) npm
JOBS ?= 2
PYTEST := $(PY) -m pytest -n $(JOBS)
# Services on their standard ports; the user of the PostgreSQL must be allowed to create databases.
SERVICES_DATABASE_URL := $(or $(DATABASE_URL),postgres://root@127.0.0.1:5432/postgres)
SERVICES_REDIS_URL := $(or $(REDIS_URL),redis://127.0.0.1:6379/0)

.DEFAULT_GOAL := help
.PHONY: help run test test-services test-chaos lint format schema pwa bench bench-dispatch figures screenshots lock clean certificate environment dev

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ---- running --------------------------------------------------------------------------------------------------------

run: environment ## everything on this machine, with demo data: web, worker, beat, database, broker (PORT=8000)
	@$(PY) scripts/apps.py
	@$(PY) manage.py run $(if $(filter 0 no,$(DEMO)),--no-demo)

environment:
	@test -n "$(PYTHON)" || { echo "Homestretch needs Python 3.11 or newer on PATH (python3), with its venv module." >&2; exit 1; }
	@$(PYTHON) scripts/environment.py $(RUN_LOCKS)

dev:
	@test -n "$(PYTHON)" || { echo "Homestretch needs Python 3.11 or newer on PATH (python3), with its venv module." >&2; exit 1; }
	@$(PYTHON) scripts/environment.py $(DEV_LOCKS)

certificate: environment ## HTTPS for phones on the same network: make certificate NAMES=192.168.1.20
	@$(PY) manage.py certificate $(or $(NAMES),$(error Say which address phones will use: make certificate NAMES=192.168.1.20))

pwa: environment ## build the phone app and the clinic app, if their sources changed
	@$(PY) scripts/apps.py

# ---- checking -------------------------------------------------------------------------------------------------------

test: dev ## the whole suite on SQLite and an embedded Valkey, browser tests where a Chromium is found
	@$(PY) scripts/apps.py
	@$(NPM) run --silent test
	@$(NPM) run --silent budget
	@env -u DATABASE_URL -u REDIS_URL $(PYTEST) $(ARGS)

test-services: dev ## the same suite on PostgreSQL and Redis (DATABASE_URL, REDIS_URL; default: this machine's)
	@$(PY) scripts/apps.py
	@DATABASE_URL=$(SERVICES_DATABASE_URL) REDIS_URL=$(SERVICES_REDIS_URL) $(PYTEST) $(ARGS)

test-chaos: dev ## reminders under kill -9, on a PostgreSQL and a Redis of its own (SIZE=10000 SEED=…)
	@env -u DATABASE_URL -u REDIS_URL CHAOS_SIZE=$(or $(SIZE),10000) CHAOS_SEED=$(SEED) $(PY) -m pytest -q -s tests/chaos $(ARGS)

lint: dev ## ruff, mypy --strict, import-linter, migrations, OpenAPI drift, TypeScript
	@$(PY) scripts/apps.py --modules
	@$(PY) scripts/lint.py

format: dev ## let ruff format and sort
	@$(PY) -m ruff check --fix-only --quiet . && $(PY) -m ruff format .

schema: dev ## write docs/openapi.json and the TypeScript types made from it
	@$(PY) manage.py spectacular --validate --fail-on-warn --format openapi-json --file docs/openapi.json
	@$(PY) scripts/apps.py --modules
	@$(NPM) run --silent types

bench: dev ## what the costly paths take, as ratios measured in one run
	@$(PY) -m benchmarks $(ARGS)

bench-dispatch: dev ## due reminders on PostgreSQL: a second, an idle tick, a crowd (ARGS="--drain 100000")
	@DATABASE_URL=$(SERVICES_DATABASE_URL) $(PY) -m benchmarks.dispatch $(ARGS)

# ---- making ---------------------------------------------------------------------------------------------------------

figures: dev ## a contact sheet of all exercise figures, build/figures.html and build/figures.png
	@$(PY) -m exercises.figures.sheet

screenshots: dev ## the README's pictures, from the running apps in a real Chromium
	@$(PY) scripts/apps.py
	@$(PY) -m scripts.screenshots

# With the extras in the lock: pip (23) refuses `coverage[toml]` of a newer release than the `coverage` that is pinned.
UV_COMPILE := .venv/bin/uv pip compile -q --no-strip-extras --generate-hashes --universal --python-version 3.11 --no-header

lock: dev ## bring the requirements files up to pyproject.toml (UPGRADE=1 takes newer versions)
	@$(UV_COMPILE) $(if $(UPGRADE),--upgrade) pyproject.toml -o requirements.txt
	@$(UV_COMPILE) $(if $(UPGRADE),--upgrade) -c requirements.txt pyproject.toml --extra dev --group build -o requirements-dev.txt
	@$(UV_COMPILE) $(if $(UPGRADE),--upgrade) -c requirements-dev.txt --group build -o requirements-build.txt

clean: ## remove what was built and installed; the data in var/ stay
	rm -rf .venv build pwa/dist pwa/node_modules .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	find . -name __pycache__ -not -path './var/*' -prune -exec rm -rf {} +
