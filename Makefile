# Umlauf's commands. Everything lives in this folder: packages in .venv, state in var/.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
export UMLAUF_HOME ?= $(CURDIR)/var
export UV_CACHE_DIR ?= $(UMLAUF_HOME)/cache/uv
export PYTHONPATH := $(CURDIR)/plugins
# Compiled modules are kept, whatever the machine says: imports are half of a small run.
export PYTHONDONTWRITEBYTECODE :=
BIN := .venv/bin
SINCE := $(shell date +%s)
# More than there are cores, each file's tests in one process: servers, Airflow and kills are waited for.
SIDE_BY_SIDE := -n 3 --dist loadscope --no-loadscope-reorder --durations 25
# Tests write to a disk in memory where there is a large one: most of what they write is flushed at once.
SCRATCH := $(shell df -kP /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 12000000 { print "TMPDIR=/dev/shm" }')
INSTALL := $(BIN)/uv pip install --quiet --system-certs --python $(BIN)/python --require-hashes --compile-bytecode

.PHONY: help demo up down superset spark test unit lint bench mutate docs lock clean
.DEFAULT_GOAL := help

help:  ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sort | sed -E 's/:.*## /\t/' | expand -t 10

demo: .venv/.runtime  ## land, build, check and publish the sandbox company's last nights, then stop
	@$(BIN)/umlauf demo --since $(SINCE)

up: .venv/.runtime  ## the same, and it stays up: Airflow, sandbox, morning page
	@$(BIN)/umlauf up --since $(SINCE)

down: .venv/.runtime  ## stop everything `make up` started
	@$(BIN)/umlauf down

superset: .venv/.runtime .venv-superset/.installed  ## dashboards in Superset, beside a running `make up`
	@$(BIN)/umlauf dashboards start

spark: .venv/.runtime .venv-spark/.installed  ## what `umlauf build --target spark` runs: dbt-spark and Spark, apart
	@java -version > /dev/null 2>&1 || echo "installed, but there is no \`java\` on the path: Spark needs Java 17 or later"

test: .venv/.dev  ## lint, types, SQL lint and every test
	@$(MAKE) --no-print-directory lint
	$(SCRATCH) $(BIN)/python -m pytest $(SIDE_BY_SIDE)

unit: .venv/.dev  ## unit tests alone: seconds, no Airflow, no database
	$(SCRATCH) $(BIN)/python -m pytest $(SIDE_BY_SIDE) -m "not integration and not e2e"

lint: .venv/.dev  ## ruff, mypy, sqlfluff
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --processes 2 dbt_project/models dbt_project/tests examples

bench: .venv/.dev  ## measure speed and memory, print a table, write var/bench/results.json
	$(BIN)/python -m bench

mutate: .venv/.dev  ## remove, invert and silence each critical check, and see which test notices
	$(BIN)/python -m tests.gates mutate

docs: .venv/.dev  ## build the docs site into var/docs; a broken link fails
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet --site-dir $(UMLAUF_HOME)/docs
	@echo "$(UMLAUF_HOME)/docs/index.html"

lock: .venv/.dev  ## resolve the newest allowed versions into the hash-locked requirements files
	$(BIN)/uv pip compile --system-certs pyproject.toml --quiet --no-header --no-annotate --generate-hashes --python-version 3.11 -o requirements.txt
	$(BIN)/uv pip compile --system-certs pyproject.toml --group kubernetes -c requirements.txt --quiet --no-header --no-annotate --generate-hashes --python-version 3.11 -o requirements-kubernetes.txt
	$(BIN)/uv pip compile --system-certs pyproject.toml --group dev -c requirements.txt --quiet --no-header --no-annotate --generate-hashes --python-version 3.11 -o requirements-dev.txt
	$(BIN)/uv pip compile --system-certs --group superset --quiet --no-header --no-annotate --generate-hashes --python-version 3.11 -o requirements-superset.txt
	$(BIN)/uv pip compile --system-certs --group spark --quiet --no-header --no-annotate --generate-hashes --python-version 3.11 -o requirements-spark.txt

clean:  ## remove packages and state
	rm -rf .venv .venv-spark .venv-superset $(UMLAUF_HOME)

.venv/bin/uv: requirements-uv.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if v == (3, 11) else f"umlauf needs Python 3.11, found {v[0]}.{v[1]} at {sys.executable}; set PYTHON=/path/to/python3.11")'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-cache-dir --require-hashes -r requirements-uv.txt
	@echo "$(CURDIR)/plugins" > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/umlauf.pth"
	@printf '#!%s\nfrom umlauf.cli import main\n\nmain()\n' "$(CURDIR)/$(BIN)/python" > $(BIN)/umlauf
	@chmod +x $(BIN)/umlauf
	@touch $@

.venv/.runtime: .venv/bin/uv requirements.txt
	@echo "installing packages from requirements.txt ..."
	@$(INSTALL) -r requirements.txt
	@touch $@

.venv/.dev: .venv/bin/uv requirements-dev.txt
	@echo "installing packages from requirements-dev.txt ..."
	@$(INSTALL) -r requirements-dev.txt
	@touch $@ .venv/.runtime

.venv-superset/.installed: .venv/bin/uv requirements-superset.txt
	@echo "installing packages from requirements-superset.txt ..."
	@test -x .venv-superset/bin/python || $(PYTHON) -m venv --without-pip .venv-superset
	@$(BIN)/uv pip install --quiet --system-certs --python .venv-superset/bin/python --require-hashes --compile-bytecode -r requirements-superset.txt
	@touch $@

.venv-spark/.installed: .venv/bin/uv requirements-spark.txt
	@echo "installing packages from requirements-spark.txt ..."
	@test -x .venv-spark/bin/python || $(PYTHON) -m venv --without-pip .venv-spark
	@$(BIN)/uv pip install --quiet --system-certs --python .venv-spark/bin/python --require-hashes --compile-bytecode -r requirements-spark.txt
	@touch $@
