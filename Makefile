# Every target sets up what it needs: .venv, and on Debian and its kin the libraries of the system (see tools/setup.py).
PYTHON ?= python3
PYTEST_FLAGS ?=

BIN := .venv/bin
SCREEN := $(if $(DISPLAY)$(WAYLAND_DISPLAY)$(QT_QPA_PLATFORM),,QT_QPA_PLATFORM=offscreen)

.PHONY: run demo test lint bench fault setup-run setup-test

run: setup-run
	$(BIN)/kapnotes

demo: setup-run
	rm -rf build/demo
	$(SCREEN) $(BIN)/kapnotes demo --out build/demo

test: lint
	$(BIN)/pytest --numprocesses 2 --dist loadgroup $(PYTEST_FLAGS)

lint: setup-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: setup-test
	$(BIN)/python -m tests.bench

# Every way we know to break the vault, as one table, in about two hours. Some of it: make fault SECTIONS="kills bits"
fault: setup-test
	$(BIN)/python -m tests.fault $(SECTIONS)

setup-run setup-test: setup-%:
	@$(PYTHON) tools/setup.py $*
