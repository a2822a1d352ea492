# The only commands. Each sets up what it needs; `make` alone says what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TOOLS := .tools
STAMPS := $(VENV)/stamps
export PATH := $(CURDIR)/$(BIN):$(CURDIR)/$(TOOLS):$(PATH)
export VIRTUAL_ENV := $(CURDIR)/$(VENV)
say = printf '\033[1m==> %s\033[0m\n'

.PHONY: help
help: ## what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | expand -t 16

# --- set-up -----------------------------------------------------------------------------------------------------------

$(STAMPS)/python: requirements-dev.lock
	@$(say) "1/3 Python environment in $(VENV) (about half a minute the first time)"
	[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	mkdir -p $(STAMPS) && touch $@

$(STAMPS)/native: $(STAMPS)/python $(shell find engine/native -name '*.rs' -o -name 'Cargo.*' -o -name 'pyproject.toml' | grep -v /target/)
	@$(say) "2/3 native extension (a few minutes the first time)"
	cd engine/native && $(CURDIR)/$(BIN)/maturin develop --release --locked --quiet
	touch $(CURDIR)/$@

$(STAMPS)/project: $(STAMPS)/native pyproject.toml
	@$(say) "3/3 the project itself"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

.PHONY: setup
setup: $(STAMPS)/project ## the virtual environment, the native extension, the project in it

# --- everyday ---------------------------------------------------------------------------------------------------------

.PHONY: run
run: setup ## build the bundles of the example mesh, serve on http://127.0.0.1:8181, print things to try
	@$(say) "Serving the example mesh; stop with Ctrl-C"
	exec bylaw serve --print-examples $(ARGS)

.PHONY: test
test: setup ## every test that needs only Python and Rust
	@$(say) "Rust tests"
	cargo test --release --locked --manifest-path engine/native/Cargo.toml --no-default-features
	$(say) "Python tests"
	$(BIN)/python -m pytest -m "not peers" $(ARGS)

.PHONY: check
check: setup ## format, lint, types, import contracts, Rego checks
	@$(say) "Python: format, lint, types, import contracts"
	ruff format --check .
	ruff check .
	mypy
	lint-imports
	$(say) "Rust: format, lint"
	cargo fmt --manifest-path engine/native/Cargo.toml --check
	cargo clippy --release --locked --manifest-path engine/native/Cargo.toml --all-targets --no-default-features -- -D warnings
	cargo clippy --release --locked --manifest-path engine/native/Cargo.toml --features python -- -D warnings
	$(say) "Rego: every bundle builds"
	for folder in bundles/*/; do bylaw bundle build "$$folder" --against bundles/global -o /dev/null; done
	bylaw bundle build --library -o /dev/null
	$(say) "Rego: lint"
	bylaw lint rego bundles

# --- peers ------------------------------------------------------------------------------------------------------------

$(TOOLS)/opa $(TOOLS)/conftest $(TOOLS)/regal: $(TOOLS)/%: tests/peers/tools/%/go.mod tests/peers/tools/%/go.sum
	@$(say) "building $* at the version of $<"
	mkdir -p $(TOOLS)
	cd tests/peers/tools/$* && go build -mod=readonly -o $(CURDIR)/$@ github.com/open-policy-agent/$*

$(TOOLS)/registry: tests/peers/tools/registry/go.mod tests/peers/tools/registry/go.sum
	@$(say) "building a container registry at the version of $<"
	mkdir -p $(TOOLS)
	cd tests/peers/tools/registry && go build -mod=readonly -o $(CURDIR)/$@ github.com/google/go-containerregistry/cmd/registry

$(TOOLS)/judge: $(wildcard tests/peers/tools/judge/*)
	@$(say) "building judge: OPA as a library"
	mkdir -p $(TOOLS)
	cd tests/peers/tools/judge && go build -mod=readonly -o $(CURDIR)/$@ .

# Apart from the environment: fideslang wants an older pydantic, and nothing that runs needs either.
$(TOOLS)/fideslang $(TOOLS)/sqlglot: $(TOOLS)/%: tests/peers/tools/%/requirements.lock | setup
	@$(say) "$* at the version of $<"
	rm -rf $@
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --target $@ -r $<

.PHONY: taxonomy
taxonomy: $(TOOLS)/fideslang ## write rego/bylaw/taxonomy anew from fideslang
	PYTHONPATH=$< $(BIN)/python tests/fideslang_taxonomy.py > rego/bylaw/taxonomy/taxonomy.rego

.PHONY: tools
tools: $(TOOLS)/opa $(TOOLS)/conftest $(TOOLS)/regal $(TOOLS)/judge $(TOOLS)/registry $(TOOLS)/fideslang $(TOOLS)/sqlglot ## the peer programs, in $(TOOLS)

.PHONY: test-peers
test-peers: setup tools ## the real peers: opa, conftest, regal
	@$(say) "Rego: format and strict check by opa"
	opa fmt --fail --list rego bundles conftest
	opa check --strict --v1-compatible rego
	$(say) "Tests against the peers"
	REQUIRE_PEERS=1 $(BIN)/python -m pytest -m peers $(ARGS)
	$(MAKE) --no-print-directory conformance

.PHONY: conformance
conformance: ## OPA's own cases for evaluators, read where Go keeps that module (needs go)
	@cd tests/peers/tools/opa && go mod download github.com/open-policy-agent/opa
	export OPA_TESTDATA="$$(go list -m -f '{{.Dir}}' github.com/open-policy-agent/opa)/v1/test/cases/testdata"
	cd $(CURDIR)/engine/native
	cargo test --release --locked --no-default-features --test conformance -- --plain | tail -1
	cargo test --release --locked --no-default-features --test conformance -- $(ARGS)

SEED ?= 1
EVALUATIONS ?= 1000000
SECONDS ?= 600

.PHONY: differential
differential: $(TOOLS)/judge ## a million evaluations of generated policies, here and by OPA (SEED=…, EVALUATIONS=…)
	@cd engine/native
	cargo run --quiet --release --locked --no-default-features --example differential -- \
		--judge $(CURDIR)/$(TOOLS)/judge --seed $(SEED) --evaluations $(EVALUATIONS) $(ARGS)

.PHONY: fuzz
fuzz: ## hostile bytes for parser, engine, values and YAML, each for SECONDS
	@cd engine/native
	for target in parser engine values yaml; do
		cargo run --quiet --release --locked --no-default-features --example fuzz -- $$target --seed $(SEED) --seconds $(SECONDS)
	done

.PHONY: bench
bench: setup tools ## benchmarks against OPA in the same run; the table in benchmarks/README.md
	@$(BIN)/python benchmarks/run.py $(ARGS)
	$(BIN)/python benchmarks/swap.py
	$(BIN)/python benchmarks/rego_engine.py
	$(BIN)/python benchmarks/check.py

.PHONY: bench-check
bench-check: setup $(TOOLS)/conftest ## bylaw check against conftest in the same run: a thousand contracts, and a large one
	@$(BIN)/python benchmarks/check.py $(ARGS)

.PHONY: bench-rego
bench-rego: setup ## the Rego engine against OPA as a Go library (needs go): each workload beside its bound
	@$(BIN)/python benchmarks/rego_engine.py $(ARGS)

# --- release ----------------------------------------------------------------------------------------------------------

.PHONY: build
build: setup ## wheels and bundle archives in dist/
	@mkdir -p dist/bundles
	$(BIN)/python benchmarks/profile_guided.py
	export BYLAW_WORKLOADS=$(CURDIR)/$(VENV)/workloads
	cargo run --quiet --release --locked --manifest-path engine/native/Cargo.toml --no-default-features \
		--example time_workloads -- write $$BYLAW_WORKLOADS
	cd engine/native && $(CURDIR)/$(BIN)/maturin build --pgo --profile dist --locked --out $(CURDIR)/dist
	cd $(CURDIR) && $(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	for folder in bundles/*/; do bylaw bundle build "$$folder" -o "dist/bundles/$$(basename "$$folder").tar.gz"; done
	bylaw bundle build --library -o dist/bundles/library.tar.gz

.PHONY: lock
lock: ## write the lock files anew from pyproject.toml (needs uv)
	@$(say) "requirements.lock, requirements-dev.lock"
	sed '/^  "bylaw-native",$$/d; /^\[tool.uv.workspace\]/,/^bylaw-native = /d' pyproject.toml > $(VENV)/lock.toml
	mkdir -p $(VENV)/lock && mv $(VENV)/lock.toml $(VENV)/lock/pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header $(VENV)/lock/pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header $(VENV)/lock/pyproject.toml --group dev -o requirements-dev.lock

.PHONY: clean
clean: ## remove what the other commands made
	rm -rf $(VENV) $(TOOLS) dist engine/native/target .mypy_cache .ruff_cache .pytest_cache
