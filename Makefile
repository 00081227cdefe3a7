# Every target sets up what it needs: a .venv from the hash-locked requirements, made once.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test lint sample bench fuzz faults docs lock clean

demo: $(STAMP)
	@$(RUN)/rapup demo

test: $(STAMP)
	@$(MAKE) --no-print-directory browser
	@$(RUN)/python -m pytest

lint: $(STAMP)
	@$(RUN)/ruff check .
	@$(RUN)/ruff format --check .
	@$(RUN)/mypy

sample: $(STAMP)
	@$(RUN)/python -m tests.make_sample

bench: $(STAMP)
	@$(RUN)/python -m tests.bench

# The door for files under fire, for about an hour; RAPUP_FUZZ_EXAMPLES sets another length.
fuzz: $(STAMP)
	@RAPUP_FUZZ_EXAMPLES=$${RAPUP_FUZZ_EXAMPLES:-20000} $(RUN)/python -m pytest tests/connectors/test_fuzz.py

# What may go wrong with an API, line by line, and the search for secrets after it.
faults: $(STAMP)
	@$(RUN)/python -m pytest tests/faults tests/connectors/test_http.py tests/connectors/test_display.py \
	  tests/connectors/test_business.py tests/connectors/test_graph.py tests/flows/test_credentials.py \
	  tests/flows/test_pull.py

docs: $(STAMP)
	@$(RUN)/python -m tests.write_docs

# Debian's Chromium for the browser tests, where it is missing and can be installed.
.PHONY: browser
browser:
	@command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || \
	  { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 && \
	    apt-get update -qq >/dev/null 2>&1 && apt-get install -y -qq chromium >/dev/null 2>&1; } || \
	  echo "no chromium: the browser tests will say how to install it"

$(STAMP): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "rapup needs Python 3.11 or newer: make PYTHON=python3.12 demo"; exit 2; }
	@echo "setting up $(VENV) (once; some minutes)"
	@$(PYTHON) -m venv --clear $(VENV)
	@# The lock is complete: nothing is left for pip to resolve, and old ones stumble over extras.
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement requirements.txt
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

lock:
	uv pip compile --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	  --extra dev --extra build pyproject.toml -o requirements.txt

clean:
	rm -rf $(VENV) data/demo
