# What a newcomer runs: `make run` and `make test`. Everything is built for the machine it runs on.

FLAGS = $(shell scripts/cpu-flags)
TRAITS = $(shell scripts/traits)
SWIFT_SOURCES = Package.swift Sources Tests Benchmarks

.PHONY: run test bench bench-peers build packages lint format sanitize clean

run: packages
	@scripts/run

test: packages
	@scripts/test

# Measures this machine and rewrites docs/benchmarks.md and its plot.
bench: packages
	@scripts/bench

# Measures the networks' steps in turn with PyTorch's and JAX's; installs both into .build-peers.
bench-peers: packages
	@scripts/bench-peers

build:
	swift build -c release $(FLAGS) $(TRAITS)

# The system's libraries and data that are missing, where they can be installed.
packages:
	@scripts/install-packages

lint:
	swift format lint --strict --parallel --recursive $(SWIFT_SOURCES)

format:
	swift format --in-place --parallel --recursive $(SWIFT_SOURCES)

# What many tasks do at once, under the thread sanitizer; the products, under the address sanitizer.
sanitize: packages
	@scripts/sanitize

clean:
	rm -rf .build .build-*
