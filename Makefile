# sluice: one Makefile, no recursion. `make help` lists what it does.

MODE    ?= release
CC      ?= cc
PREFIX  ?= /usr/local
DESTDIR ?=
B       := build/$(MODE)

DEBS := build-essential pkg-config libcsv-dev libxml2-dev libjansson-dev libarchive-dev \
        zlib1g-dev libcmocka-dev libfyaml-dev libicu-dev libyajl-dev libzstd-dev libsnappy-dev \
        liblz4-dev libbrotli-dev libxxhash-dev libssl-dev
# Needed by the longer checks only (make check).
CHECK_DEBS := clang clang-format libclang-rt-14-dev valgrind shellcheck strace mandoc libxml2-utils python3-venv

PKGS   := libxml-2.0 jansson libarchive zlib libfyaml icu-uc icu-i18n yajl libzstd snappy liblz4 \
          libbrotlienc libbrotlidec libxxhash libcrypto

WARN   := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wformat=2 -Wvla -Wmissing-prototypes \
          -Wcast-qual -Werror
HARDEN := -fstack-protector-strong -fstack-clash-protection -fPIE -ffp-contract=off
LINKH  := -pie -Wl,-z,relro,-z,now

OPT.release := -O2 -g -D_FORTIFY_SOURCE=3
OPT.asan    := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
OPT.debug   := -O0 -g
OPT.fuzz    := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined

VERSION := $(shell cat VERSION)

# pkg-config runs when something is compiled, not when `make deps` has yet to install it.
PKG_CFLAGS = $(shell pkg-config --cflags $(PKGS))
PKG_LIBS   = $(shell pkg-config --libs $(PKGS)) -lcsv -lpthread -lm -ldl
CFLAGS_ALL = -std=c11 -D_GNU_SOURCE -DSLUICE_VERSION='"$(VERSION)"' -I. $(OPT.$(MODE)) $(WARN) \
             $(HARDEN) $(PKG_CFLAGS) $(CFLAGS)

LIB_SRC  := $(sort $(wildcard core/*.c connectors/*.c connectors/*/*.c transform/*.c transform/*/*.c \
            schemas/*.c pipelines/*.c pipelines/*/*.c))
CMD_SRC  := $(sort $(wildcard cmd/*.c))
GEN_SRC  := $(sort $(wildcard tests/gen/*.c))
UNIT_SRC := $(sort $(wildcard tests/unit/test_*.c))
FUZZ_SRC := $(sort $(wildcard tests/fuzz/fuzz_*.c))
ALL_SRC  := $(LIB_SRC) $(CMD_SRC) $(GEN_SRC) $(UNIT_SRC) $(FUZZ_SRC)
ALL_HDR  := $(sort $(wildcard */*.h */*/*.h */*/*/*.h))

LIB_OBJ  := $(LIB_SRC:%.c=$B/%.o)
CMD_OBJ  := $(CMD_SRC:%.c=$B/%.o)
GEN_OBJ  := $(GEN_SRC:%.c=$B/%.o)
UNIT_BIN := $(UNIT_SRC:%.c=$B/%)

.PHONY: conformance fuzz fuzz-bins faults sanitizers valgrind asan-bins unit-bins all build deps check-deps demo test check unit bench accuracy install uninstall format \
        lint clean help
.SECONDARY:
.DEFAULT_GOAL := all

all: build

## build: compile build/sluice and the sample generator build/gen
build: build/sluice build/gen

build/sluice: $B/sluice
	@ln -sf $(MODE)/sluice $@
build/gen: $B/gen
	@ln -sf $(MODE)/gen $@

$B/libsluice.a: $(LIB_OBJ)
	@rm -f $@
	@ar qcs $@ $^
$B/sluice: $(CMD_OBJ) $B/libsluice.a
	$(CC) $(OPT.$(MODE)) $(LINKH) -o $@ $^ $(PKG_LIBS)
$B/gen: $(GEN_OBJ) $B/libsluice.a
	$(CC) $(OPT.$(MODE)) $(LINKH) -o $@ $^ $(PKG_LIBS)
$B/tests/unit/%: $B/tests/unit/%.o $B/libsluice.a
	$(CC) $(OPT.$(MODE)) $(LINKH) -o $@ $^ $(PKG_LIBS) -lcmocka
$B/tests/fuzz/%: $B/tests/fuzz/%.o $B/libsluice.a
	$(CC) $(OPT.$(MODE)) -fsanitize=fuzzer -o $@ $^ $(PKG_LIBS)

$B/%.o: %.c VERSION
	@mkdir -p $(@D)
	@echo "  cc $<"
	@$(CC) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

# The JSON Schema stands inside this object.
$B/schemas/project_schema.o: schemas/sluice.schema.json

-include $(ALL_SRC:%.c=$B/%.d)

unit-bins: $(UNIT_BIN)

# -- packages ---------------------------------------------------------------------------------------

## deps: install the Debian packages that are missing (apt-get, through sudo where needed)
deps:
	@tests/deps $(DEBS)

check-deps:
	@tests/deps $(DEBS) $(CHECK_DEBS)

# -- the two commands -------------------------------------------------------------------------------

## demo: install what is missing, build, run the main job on sample exports and show the result
demo: deps
	@$(MAKE) --no-print-directory -s -j$$(nproc) build
	@pipelines/demo/demo.sh

## test: install what is missing, build, run all tests
test: deps
	@$(MAKE) --no-print-directory -s -j$$(nproc) build unit-bins
	@MODE=$(MODE) tests/run

# -- longer checks ----------------------------------------------------------------------------------

## check: what CI runs: tests, sanitizers, valgrind, lint, interop with other programs' readers
check:
	@.ci/run

## sanitizers: the unit tests under ASan and UBSan
sanitizers: deps
	@$(MAKE) --no-print-directory -s -j$$(nproc) MODE=asan asan-bins
	@MODE=asan TIMEOUT=600 tests/run unit

asan-bins: $(UNIT_BIN)

## valgrind: the unit tests under valgrind
valgrind: check-deps
	@$(MAKE) --no-print-directory -s -j$$(nproc) unit-bins
	@TIMEOUT=900 WRAP="valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite --show-leak-kinds=definite --suppressions=tests/valgrind.supp" tests/run unit

## fuzz: every libFuzzer target for SECONDS=N each (10), ASan and UBSan; SUITES=DIR adds seeds
fuzz: SECONDS ?= 10
fuzz: build check-deps
	@$(MAKE) --no-print-directory -s -j$$(nproc) MODE=fuzz CC=clang CFLAGS='-Wno-format-nonliteral -Wno-error' fuzz-bins
	@SECONDS_EACH=$(SECONDS) tests/fuzz/run

fuzz-bins: $(FUZZ_SRC:%.c=$B/%)

## faults: kills, failing calls, full disks, cut pipes: FAULTS=N points a loop (all of them)
faults: FAULTS ?= 1000000
faults: build check-deps
	@FAULTS=$(FAULTS) tests/faults/run

## lint: layout by clang-format, headers that compile alone, shell scripts, man pages
lint: check-deps
	@tests/lint $(CC) "$(CFLAGS_ALL)"

## format: lay the code out by .clang-format
format:
	clang-format -i $(ALL_SRC) $(ALL_HDR)

## bench: speed against peers on the same data, as ratios
bench: build
	@tests/bench/run

## accuracy: F1 on the labelled sets in DATA=DIR, with the peer's own run beside it
accuracy: build
	@tests/bench/accuracy.sh $(DATA)

## conformance: scores of public suites that lie in SUITES=DIR
conformance: build
	@tests/conformance/run $(SUITES)

# -- installation -----------------------------------------------------------------------------------

MAN1  := $(DESTDIR)$(PREFIX)/share/man/man1
BASHC := $(DESTDIR)$(PREFIX)/share/bash-completion/completions
ZSHC  := $(DESTDIR)$(PREFIX)/share/zsh/site-functions

## install: put the binary, man pages and completions under PREFIX (default /usr/local), DESTDIR in front
install: build/sluice
	install -d $(DESTDIR)$(PREFIX)/bin $(MAN1) $(BASHC) $(ZSHC)
	install -m 755 build/$(MODE)/sluice $(DESTDIR)$(PREFIX)/bin/sluice
	@for tool in $$(build/sluice --tools); do \
	    build/sluice --man $$tool >build/man.tmp && \
	    install -m 644 build/man.tmp $(MAN1)/sluice-$$tool.1 || exit 1; done
	@build/sluice --man >build/man.tmp && install -m 644 build/man.tmp $(MAN1)/sluice.1
	@build/sluice --completion bash >build/man.tmp && install -m 644 build/man.tmp $(BASHC)/sluice
	@build/sluice --completion zsh >build/man.tmp && install -m 644 build/man.tmp $(ZSHC)/_sluice
	@rm -f build/man.tmp

## uninstall: take out what install put in
uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/sluice $(MAN1)/sluice.1 $(MAN1)/sluice-*.1 $(BASHC)/sluice $(ZSHC)/_sluice

## clean: remove everything under build/
clean:
	rm -rf build

## help: list these targets
help:
	@sed -n 's/^## //p' Makefile | sort
