# Every target sets up what it needs: .venv, and on Debian and its kin the libraries of the system (see tools/setup.py).
PYTHON ?= python3
PYTEST_FLAGS ?=

BIN := .venv/bin
SCREEN := $(if $(DISPLAY)$(WAYLAND_DISPLAY)$(QT_QPA_PLATFORM),,QT_QPA_PLATFORM=offscreen)

# Every process that begins has modules to read: what Python makes of them is kept, whatever else is set here.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run demo test lint style types floors collected bench fault setup-run setup-test

run: setup-run
	$(BIN)/kapnotes

demo: setup-run
	rm -rf build/demo
	$(SCREEN) $(BIN)/kapnotes demo --out build/demo

test:
	$(MAKE) --jobs 2 lint collected
	$(BIN)/pytest --numprocesses 2 --dist loadgroup $(PYTEST_FLAGS)

lint: style types floors

style: setup-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup-test
	$(BIN)/mypy

floors: setup-test
	$(BIN)/lint-imports --no-cache

# Beside mypy, which leaves a core alone: what pytest makes of the tests is kept for the processes that run them.
collected: setup-test
	@mkdir -p build
	@$(BIN)/pytest --collect-only --quiet > build/collected.txt || { tail build/collected.txt; exit 1; }

bench: setup-test
	$(BIN)/python -m tests.bench

# Every way we know to break the vault, as one table, in about two hours. Some of it: make fault SECTIONS="kills bits"
fault: setup-test
	$(BIN)/python -m tests.fault $(SECTIONS)

setup-run setup-test: setup-%:
	@$(PYTHON) tools/setup.py $*
