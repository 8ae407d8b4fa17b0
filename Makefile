# The commands of the course. Windows without make: see "Without make" in README.md.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.installed
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# It would send every Python to the library of another, which holds no course.
unexport PYTHONHOME

.PHONY: lab run test test-full lint notebooks record lock setup clean

setup: $(READY)

# Installed again only when the pins or the project's own metadata change.
$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v <= (3, 13) else f"Python 3.11 to 3.13 is needed. Found {v[0]}.{v[1]}. Name another: make PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	@touch $@

lab: $(READY)           ## open JupyterLab on your own copy of the first notebook
	$(BIN)/course lab

run: $(READY)           ## run every notebook without a screen and write build/report/index.html
	$(BIN)/course run

test: $(READY)          ## the fast checks, the same that CI runs
	$(BIN)/python tests/run.py

test-full: $(READY)     ## the slow checks too: full profile on real data, extras, browsers
	$(BIN)/python tests/run.py --full

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/ruff format --check --line-length 88 notebooks/source/*/lesson.py

notebooks: $(READY)     ## authors: turn every changed source into its notebook and store the outputs
	$(BIN)/course store

# One file for Python 3.11 to 3.13 and every system; the last line installs this project.
lock:
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --extra test --no-annotate --no-emit-index-url \
		--custom-compile-command "make lock" --quiet --output-file requirements.txt pyproject.toml
	@echo "--editable ." >> requirements.txt

record: $(READY)        ## measure again what lessons show recorded
	$(BIN)/course record

clean:
	rm -rf build $(VENV)
