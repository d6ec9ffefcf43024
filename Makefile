# ganedu: every command a reader, a teacher or a developer needs.  `make help` lists them.
# A fresh machine has Python 3.11 (or later), pip and make; the rest is installed in .venv.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help install book site lab labs test test-fast lint gates bench student-zip lock clean

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PY := .venv/bin/python
SOLUTIONS ?= 0
# What `make bench` installs as PyTorch, and options for that one pip call (a CPU index, say).
TORCH ?= torch
TORCH_PIP ?=
PYTEST := $(PY) -m pytest
# A worker a core, of two to four (each takes over a gigabyte).  A TensorFlow that starts threads of
# its own would only make them wait.
WORKERS ?= $(shell n=$$(getconf _NPROCESSORS_ONLN || echo 2); echo $$((n < 2 ? 2 : n > 4 ? 4 : n)))
ONE_THREAD := OMP_NUM_THREADS=1 TF_NUM_INTRAOP_THREADS=1 TF_NUM_INTEROP_THREADS=1
# A file, or a notebook, stays in one worker.
SPREAD := -n $(WORKERS) --dist loadfile
# No cell may take longer than ten of the largest budgets.
NBVAL := --nbval-lax --nbval-current-env --nbval-cell-timeout=450

help: ## Show this list
	@echo "make TARGET, where TARGET is one of"
	@grep -hE '^[a-z-]+:.*## ' Makefile | sort | \
	  awk -F ':.*## ' '{printf "  %-13s %s\n", $$1, $$2}'

install: .venv/installed ## Make .venv with the locked packages (once; again when the lock changes)

.venv/installed: requirements.lock pyproject.toml
	@[ -n "$(PYTHON)" ] && "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "ganedu needs Python 3.11 or later; found: '$(PYTHON)'." \
	  "Install it, or say where it is: make install PYTHON=/path/to/python3.11"; exit 1; }
	@[ -x $(PY) ] || "$(PYTHON)" -m venv .venv
	@echo "Installing the packages of requirements.lock in .venv (about 2 GB, once) ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps \
	  --no-build-isolation --editable .
	@touch $@

book: install ## Train the chapters' GANs, build the site with all solutions, say where it is
	@$(PY) -m tools.site build --solutions

site: install ## Build the site; SOLUTIONS=0 (the default) leaves every solution out, 1 shows them
	@case "$(SOLUTIONS)" in 0) flag=;; 1) flag=--solutions;; \
	  *) echo "SOLUTIONS is 0 or 1, not '$(SOLUTIONS)'"; exit 1;; esac; \
	$(PY) -m tools.site build $$flag

lab: install ## Open JupyterLab on the labs; links to the chapters work
	@JUPYTER_CONFIG_PATH="$(CURDIR)/tools/jupyter" \
	  $(PY) -m jupyterlab --notebook-dir=. --LabApp.default_url=/lab/tree/labs

labs: install ## Make labs/ again from solutions/ (TARGETS=1: run the solutions for their pictures)
	@$(PY) -m tools.make_labs $(if $(filter 1,$(TARGETS)),--targets)

test: install ## Every check: fast ones, all notebooks, slow ones and the site; reports in build/test/
	@rm -rf build/test && mkdir -p build/test; failed=; \
	echo "== fast"; \
	$(MAKE) --no-print-directory test-fast || failed="$$failed fast"; \
	echo "== notebooks"; \
	$(ONE_THREAD) $(PYTEST) book labs solutions $(NBVAL) $(SPREAD) \
	  --junitxml=build/test/notebooks.xml || failed="$$failed notebooks"; \
	echo "== slow"; \
	$(ONE_THREAD) $(PYTEST) tests -m slow $(SPREAD) -rs --stages=build/test \
	  --junitxml=build/test/slow.xml || failed="$$failed slow"; \
	[ -z "$$failed" ] || { echo "make test FAILED in:$$failed"; exit 1; }

test-fast: install ## The checks that run no notebook and build no site (at most 2 minutes)
	@mkdir -p build/test
	@$(ONE_THREAD) $(PYTEST) tests -m "not slow" $(SPREAD) --durations=5 --durations-min=5 \
	  --junitxml=build/test/fast.xml

lint: install ## Style (ruff) and: no notebook with outputs
	@$(PY) -m ruff check .
	@git ls-files -z -- '*.ipynb' | xargs -0 -r $(PY) -m nbstripout --keep-id --verify

gates: install ## Run the experiments that have a rule where no record is; check all their rules
	@$(PY) -m ganedu reproduce --gates

bench: install ## Images per second against other training loops (installs PyTorch in build/)
	@[ -e build/bench-env/installed ] || { mkdir -p build/bench-env; \
	  echo "Installing PyTorch in build/bench-env (large, once) ..."; \
	  $(PY) -m pip install --quiet --disable-pip-version-check --target build/bench-env \
	    --constraint requirements.lock $(TORCH_PIP) $(TORCH) && touch build/bench-env/installed; }
	@$(PY) -m benchmarks.speed --torch build/bench-env

student-zip: install ## Pack labs, data and offline instructions for students in build/
	@$(PY) -m tools.student_zip

lock: ## Resolve requirements.lock again from pyproject.toml (needs uv; without the bench extra)
	@command -v uv > /dev/null || { echo "make lock needs uv: pip install uv"; exit 1; }
	@uv pip compile pyproject.toml --extra cpu --extra tfds --extra evaluate --extra lab \
	  --extra book --extra test --extra grade --extra cluster --universal --python-version 3.11 --upgrade \
	  --no-emit-index-url --no-header --quiet --output-file requirements.lock

clean: ## Remove everything that was built, but not .venv and not your runs
	@rm -rf build dist book/_build *.egg-info .pytest_cache .ruff_cache
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
