# Every target makes its own virtual environment from nothing but python3.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
RUNS   := $(VENV)/runs
READY  := $(VENV)/ready
DEMO   := demo-reports
EVAL   := ../shared/eval

.PHONY: demo test lint format eval readings docs bench soak fuzz lock clean
.DEFAULT_GOAL := demo

# What a run needs, and nothing else: the demo waits for no test tool. Bytecode as pip makes it of what it installs:
# where Python may write none (PYTHONDONTWRITEBYTECODE), each command would compile all that it loads.
$(RUNS): requirements-build.lock requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Variorum needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-build.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-build-isolation -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q crawler diffs variorum
	touch $(RUNS)

$(READY): $(RUNS) requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-build-isolation -r requirements-dev.lock
	touch $(READY)

demo: $(RUNS)
	$(BIN)/variorum demo --out $(DEMO)

# Files in the order of their folders: those with the fewest tests wait the longest, and must not be the last.
# Tests of real processes can fail of a machine that is too busy for them: what failed runs once more, alone, and fails then.
test: $(READY)
	$(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder || { [ $$? -eq 1 ] && \
	  echo "== What failed, once more and alone; a test that passes now depends on its surroundings and wants mending ==" && \
	  $(BIN)/pytest -v -x --last-failed --last-failed-no-failures none; }

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

eval: $(READY)
	$(BIN)/python tests/evaluate.py $(EVAL)

# After a version was raised, or cases were added: tests/readings/ records what is read now.
readings: $(READY)
	PYTHONPATH=tests/support $(BIN)/python tests/support/readings.py

# docs/cli.md and docs/configuration.md, written from the program.
docs: $(READY)
	$(BIN)/python docs/generate.py

bench: $(READY)
	for each in benchmarks/bench_*.py; do echo "== $$each"; $(BIN)/python $$each || exit 1; done

soak: $(READY)
	$(BIN)/pytest -m soak --timeout 3600

# atheris 3.0.0 has a wheel for Python 3.11 on x86-64 Linux in this lock (2026-11-28).
MINUTES ?= 60
FUZZING := -timeout=10 -rss_limit_mb=4096 -max_len=60000 -print_final_stats=1 -artifact_prefix=fuzz/
fuzz: $(READY)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-fuzz.lock
	mkdir -p fuzz/corpus
	cp tests/fixtures/parser/*.html tests/fixtures/parser/*/*.html fuzz/corpus/
	PYTHONPATH=. $(BIN)/python tests/fuzz/fuzz_parser.py $(FUZZING) -dict=tests/fuzz/markup.dict -max_total_time=$$((60 * $(MINUTES))) fuzz/corpus

# Needs uv, for a lock that holds on every platform.
UVFLAGS := --generate-hashes --no-emit-index-url --no-emit-find-links --universal --python-version 3.11 --no-header --quiet
# What the images of docker-compose.yml hold.
IMAGE := --extra postgres --extra notify --extra discovery --extra metrics --extra site --extra evidence
lock:
	uv pip compile pyproject.toml $(UVFLAGS) -o requirements.lock
	uv pip compile pyproject.toml --extra dev $(UVFLAGS) -o requirements-dev.lock
	uv pip compile pyproject.toml $(IMAGE) $(UVFLAGS) -o requirements-image.lock
	printf 'pywb>=2.9\n' | uv pip compile - $(UVFLAGS) -o requirements-replay.lock
	printf 'hatchling>=1.27\neditables\nsetuptools\nwheel\n' | uv pip compile - $(UVFLAGS) -o requirements-build.lock

clean:
	rm -rf $(VENV) $(DEMO) fuzz .mypy_cache .ruff_cache .pytest_cache build dist
