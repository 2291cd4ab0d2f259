# Everything a fresh machine needs: `make demo`, `make test`.

SWIFT ?= swift
PREFIX ?= /usr/local
BUILD := .build/release
ORACLES := .build-oracles
SOURCES := git ls-files '*.swift'

.PHONY: help setup oracles build demo test bench fuzz format lint install clean

help:
	@echo "make demo      install what is missing, build, make a sample slide and normalise it"
	@echo "make test      run all tests"
	@echo "make setup     install the system libraries (libvips, OpenSlide, libtiff, libjpeg-turbo, libpng, OpenVINO, libtorch)"
	@echo "make oracles   install the Python packages that tests compare with, into $(ORACLES)"
	@echo "make bench     measure speed and memory against vips, torchstain and PyTorch"
	@echo "make fuzz      throw mutated files at the readers of foreign files, a minute each"
	@echo "make format    format the sources; make lint only checks them"
	@echo "make install   install into PREFIX=$(PREFIX)"

setup:
	@scripts/setup

oracles:
	@scripts/oracles $(ORACLES)

build: setup
	$(SWIFT) build -c release --product tessera
	$(SWIFT) build -c release --product tessera-train

demo: build
	@scripts/demo $(BUILD)/tessera

test: setup
	TESSERA_ORACLE_PYTHON="$${TESSERA_ORACLE_PYTHON:-$(CURDIR)/$(ORACLES)/bin/python}" $(SWIFT) test

bench: build
	@[ -n "$${TESSERA_ORACLE_PYTHON:-}" ] || scripts/oracles $(ORACLES) torch
	TESSERA_ORACLE_PYTHON="$${TESSERA_ORACLE_PYTHON:-$(CURDIR)/$(ORACLES)/bin/python}" \
	  $(SWIFT) run -c release --package-path Benchmarks tessera-benchmarks $(BENCH)

fuzz:
	@scripts/fuzz $(or $(FUZZ),60)

format:
	$(SOURCES) | xargs $(SWIFT) format format --in-place --parallel

lint:
	$(SOURCES) | xargs $(SWIFT) format lint --strict --parallel

install: build
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/lib/tessera"
	install -m 755 $(BUILD)/tessera $(BUILD)/tessera-train "$(DESTDIR)$(PREFIX)/lib/tessera/"
	install -m 755 $(BUILD)/libTesseraPlugin.* "$(DESTDIR)$(PREFIX)/lib/tessera/"
	ln -sf ../lib/tessera/tessera "$(DESTDIR)$(PREFIX)/bin/tessera"
	@echo "installed $(DESTDIR)$(PREFIX)/bin/tessera"

clean:
	rm -rf .build .build-* Benchmarks/.build demo
