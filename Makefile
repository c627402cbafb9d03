# Every command goes through one script that needs nothing but Python.
ifndef PYTHON
PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
endif

export PORT DATA DEMO

.PHONY: help run setup test lint messages faults bench

help:
	@echo "make run [PORT=8000] [DATA=var]            set up what is missing and start Huiyin"
	@echo "make setup      only prepare; then ./bin/huiyin runs the command line"
	@echo "make test       lint, then every test on SQLite and on PostgreSQL"
	@echo "make lint       style, types, layers, templates, translations"
	@echo "make messages   collect the texts that need a translation"
	@echo "make faults     every fault test, the slow ones too"
	@echo "make bench      measure"

run setup test lint messages faults bench:
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer found: install python3 and python3-venv, then run make $@ again." >&2; exit 1; }
	@$(PYTHON) -m scripts.bootstrap $@
