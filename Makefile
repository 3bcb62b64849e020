# Rally. `make` lists what there is; CONTRIBUTING.md says more.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# Go is found where its installer puts it, when the PATH does not say so.
export PATH := $(PATH):/usr/local/go/bin
# SQLite written in C has the search's index only when asked to; see platform/db.
export GOFLAGS := $(shell PATH="$(PATH)" go env GOFLAGS 2>/dev/null) -tags=sqlite_fts5

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: ## run Rally with its demo world on http://127.0.0.1:8080 (needs Go alone)
	@RALLY_DEMO=$${RALLY_DEMO:-true} go run ./cmd/rally serve

.PHONY: dev
dev: ## the same, started anew on every change
	@./scripts/dev.sh

.PHONY: setup
setup: ## install what the tests need: PostgreSQL, nginx, Chromium, a C compiler, Node
	@./scripts/setup.sh

.PHONY: test
test: ## every test: Go with -race on both databases, the browser client, end to end
	@./scripts/test.sh

.PHONY: test-short
test-short: ## the Go tests without -race
	@./scripts/test.sh --quick

.PHONY: e2e
e2e: ## only the tests in a real browser against the built program
	@./scripts/test.sh --e2e

.PHONY: lint
lint: ## vet, golangci-lint, shellcheck, web lint, tidiness, drift, vulnerabilities
	@./scripts/setup.sh lint
	@./scripts/lint.sh

.PHONY: bench
bench: setup ## measure against the ceilings and write docs/performance.md
	@./scripts/bench.sh $(BENCH)

SOAK ?= 10m
.PHONY: soak
soak: ## let people come and go for ten minutes (SOAK), and see that nothing is left of them
	@./scripts/bench.sh -soak $(SOAK)

.PHONY: soak-matches
soak-matches: ## the same with two hundred matches at once
	@./scripts/bench.sh -soak $(SOAK) -matches

.PHONY: build
build: ## build bin/rally
	@go build -trimpath -o bin/rally ./cmd/rally

.PHONY: demo
demo: ## build the demo world in an empty database, without serving it
	@go run ./cmd/rally demo

.PHONY: fmt
fmt: ## format Go and, where its packages are installed, the browser client
	@gofmt -w $$(git ls-files -co --exclude-standard '*.go' | xargs -r ls -d 2>/dev/null)
	@if [ -d web/node_modules ]; then cd web && npm run --silent format; fi

.PHONY: generate
generate: ## regenerate what is generated from the sources
	@go test ./internal/archtest -run '^TestFaultCodes$$' -update -count=1 >/dev/null

.PHONY: clean
clean: ## remove what was built; data/ stays
	@rm -rf bin web/e2e/out
