# Everything a fresh machine needs: `make demo`, `make test`.

SWIFT ?= swift
PREFIX ?= /usr/local
BUILD := .build/release
ORACLES := .build-oracles
# What authors of plugins build on: the interface, and a sample of each kind.
SDK := Sources/TesseraPlugin plugins/StainChannel plugins/Sharpen plugins/FlatField
SOURCES := git ls-files '*.swift'

.PHONY: help setup oracles build demo test samples bench evidence fuzz format lint install docs clean

help:
	@echo "make demo      install what is missing, build, make a sample slide and normalise it"
	@echo "make test      run the tests that guard a change; make test SLOW=1 runs all"
	@echo "make setup     install the system libraries (libvips, OpenSlide, libtiff, libjpeg-turbo, libpng, libarchive, OpenSSL, OpenVINO, libtorch, ITK)"
	@echo "make oracles   install the Python packages that tests compare with, into $(ORACLES)"
	@echo "make samples   run the samples and compare with what they should give; SAMPLES=translate runs one"
	@echo "make bench     measure speed and memory against vips, torchstain and PyTorch"
	@echo "make evidence  measure stain normalisation on real slides, and rewrite the table in its page"
	@echo "make fuzz      throw mutated files at the readers of foreign files, a minute each"
	@echo "make format    format the sources; make lint only checks them"
	@echo "make install   install into PREFIX=$(PREFIX), with the SDK for plugins"
	@echo "make docs      write the reference of the plugin interface into docs/reference"

setup:
	@scripts/setup

oracles:
	@scripts/oracles $(ORACLES)

build: setup
	$(SWIFT) build -c release

demo: build
	@scripts/demo $(BUILD)/tessera

test: setup
	SLOW="$(SLOW)" TESSERA_ORACLE_PYTHON="$${TESSERA_ORACLE_PYTHON:-$(CURDIR)/$(ORACLES)/bin/python}" $(SWIFT) test

samples: build
	TESSERA_ORACLE_PYTHON="$${TESSERA_ORACLE_PYTHON:-$(CURDIR)/$(ORACLES)/bin/python}" \
	  scripts/samples $(BUILD) $(SAMPLES)

bench: build
	@[ -n "$${TESSERA_ORACLE_PYTHON:-}" ] || scripts/oracles $(ORACLES) torch
	TESSERA_ORACLE_PYTHON="$${TESSERA_ORACLE_PYTHON:-$(CURDIR)/$(ORACLES)/bin/python}" \
	  $(SWIFT) run -c release --package-path Benchmarks tessera-benchmarks $(BENCH)

evidence: build oracles
	$(ORACLES)/bin/python Benchmarks/peers/evidence.py $(BUILD)/tessera \
	  "$${TESSERA_TEST_DATA:-../shared/data}" docs/stain-normalization.md

fuzz:
	@scripts/fuzz $(or $(FUZZ),60)

format:
	$(SOURCES) | xargs $(SWIFT) format format --in-place --parallel

lint:
	$(SOURCES) | xargs $(SWIFT) format lint --strict --parallel
	@! git grep -nP '\bU?Int(?:8|16|32|64)?\((?!\w+:)(?:[^()]|\((?:[^()]|\([^()]*\))*\)|\()*?(?:\.rounded\(|\.squareRoot\(|\b(?:floor|ceil|Double|Float)\()' \
	  -- 'Sources/*.swift' 'plugins/*.swift' || \
	  { echo "a whole number is made of a float by init(saturating:), which no NaN stops"; exit 1; }

install: build
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/lib/tessera"
	install -m 755 $(BUILD)/tessera $(BUILD)/tessera-train "$(DESTDIR)$(PREFIX)/lib/tessera/"
	rm -f "$(DESTDIR)$(PREFIX)/lib/tessera/"libTesseraPlugin.*
	rm -rf "$(DESTDIR)$(PREFIX)/lib/tessera/tessera_LearnedPairs.resources"
	cp -R $(BUILD)/tessera_LearnedPairs.resources "$(DESTDIR)$(PREFIX)/lib/tessera/"
	install -d "$(DESTDIR)$(PREFIX)/lib/tessera/plugins" "$(DESTDIR)$(PREFIX)/share/tessera"
	rm -rf $(foreach part,plugins/TesseraPlugin $(SDK),"$(DESTDIR)$(PREFIX)/share/tessera/$(part)")
	git ls-files $(SDK) | tar -cf - -T - | tar -xf - -C "$(DESTDIR)$(PREFIX)/share/tessera"
	ln -sf ../lib/tessera/tessera "$(DESTDIR)$(PREFIX)/bin/tessera"
	@echo "installed $(DESTDIR)$(PREFIX)/bin/tessera"

docs:
	rm -rf .build/reference && mkdir -p .build/reference
	$(SWIFT)c -module-name TesseraPlugin -package-name tessera -swift-version 6 -parse-as-library -emit-module \
	  -emit-module-path .build/reference/TesseraPlugin.swiftmodule -emit-symbol-graph \
	  -emit-symbol-graph-dir .build/reference -symbol-graph-minimum-access-level public \
	  Sources/TesseraPlugin/*.swift
	docc convert Sources/TesseraPlugin/TesseraPlugin.docc --fallback-display-name TesseraPlugin \
	  --fallback-bundle-identifier org.tessera.plugin --transform-for-static-hosting --hosting-base-path / \
	  --additional-symbol-graph-dir .build/reference \
	  --output-path docs/reference
	@echo "serve docs/reference, for example with: python3 -m http.server -d docs/reference"

clean:
	rm -rf .build .build-* Benchmarks/.build demo
