# `make run` and `make test` set everything up on a fresh Debian machine with Python 3.11; both can be repeated.
.DEFAULT_GOAL := help
SHELL := /bin/bash
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3
PYTHON := .venv/bin/python
UV := .tools/bin/uv

.PHONY: help
help: ## Show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

.PHONY: run
run: env ## Set everything up and start the assistant on http://127.0.0.1:8080
	@$(PYTHON) -m bot serve

.PHONY: chat
chat: env ## Talk to the assistant in the terminal
	@$(PYTHON) -m bot chat

.PHONY: test
test: env test-tools check unit-tests model-tests system-tests coverage ## Set everything up and pass all tests

.PHONY: check
check: lint types knowledge-lint ## Static checks: format, lint, types, rule base

.PHONY: env
env: .venv/.synced ## Python environment from the lock file

$(UV): scripts/install-uv.sh
	@scripts/install-uv.sh

.venv/.synced: $(UV) pyproject.toml uv.lock .python-version
	@$(UV) sync --frozen --quiet --compile-bytecode
	@touch $@

.PHONY: test-tools
test-tools: ## Debian packages that only the tests need (browser, PostgreSQL, Redis, fonts)
	@scripts/install-test-tools.sh

.PHONY: format
format: env ## Format the code
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

.PHONY: lint
lint: env
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .

.PHONY: types
types: env ## Type-check the rooms
	@.venv/bin/mypy

.PHONY: knowledge-lint
knowledge-lint: env ## Check the rule base
	@$(PYTHON) -m bot knowledge lint

.PHONY: train
train: env ## Train when anything relevant changed
	@$(PYTHON) -m bot train

.PHONY: validate
validate: train ## Rasa's own validation of domain, data and rules
	@$(PYTHON) -W ignore -m rasa data validate --fail-on-warnings --domain domain.yml --data data

COVERAGE := .venv/bin/coverage run -m pytest

.PHONY: unit-tests
unit-tests: env ## Fast tests, no model
	@rm -f .coverage .coverage.*
	@$(COVERAGE) tests/knowledge tests/actions tests/bot tests/packs tests/benchmarks -m "not model"

.PHONY: model-tests
model-tests: validate ## Tests with the trained model
	@$(COVERAGE) tests/bot tests/packs -m model

.PHONY: system-tests
system-tests: train ## Whole conversations through the running system, the browser, and attacks on it
	@$(COVERAGE) tests/e2e tests/browser
	@$(COVERAGE) tests/attacks

.PHONY: coverage
coverage: ## Report the coverage of the tests that ran
	@.venv/bin/coverage combine --quiet
	@.venv/bin/coverage report

.PHONY: benchmark
benchmark: train ## Time the answers to the questions of a file: make benchmark QUESTIONS=questions.jsonl
	@$(PYTHON) -m benchmarks.answers $(QUESTIONS)

.PHONY: benchmark-rules
benchmark-rules: env ## Time loading and checking the rule base, and rendering its answers
	@$(PYTHON) -m benchmarks.rule_base

.PHONY: benchmark-verdicts
benchmark-verdicts: env ## Verdicts per second, beside hand-written Python and other engines
	@$(PYTHON) -m benchmarks.verdicts

.PHONY: benchmark-batch
benchmark-batch: env ## Time the verdicts on a million numbers on SQLite and PostgreSQL (needs `make test-tools`)
	@$(PYTHON) -m benchmarks.check_batch

.PHONY: benchmark-load
benchmark-load: train ## Whole answers under load, beside a stock Rasa bot of the same data (trains it once, minutes)
	@$(PYTHON) -W ignore -m benchmarks.load

.PHONY: benchmark-widgets
benchmark-widgets: env test-tools ## The help widget beside deep-chat in a real browser (needs Node; installs deep-chat under var/)
	@npm --prefix var/widgets install --silent --no-package-lock --ignore-scripts deep-chat@2.4.2
	@$(PYTHON) -m benchmarks.widgets

.PHONY: benchmark-console
benchmark-console: env test-tools ## How long the staff console takes to open in a real browser
	@$(PYTHON) -W ignore -m benchmarks.console_load

.PHONY: benchmark-timing
benchmark-timing: env ## Whether the time of an answer tells if a number or a name of staff exists
	@$(PYTHON) -W ignore -m benchmarks.equal_timing

.PHONY: sheet
sheet: env ## Write the whole rule base as readable pages into var/sheet
	@$(PYTHON) -m bot knowledge show --html var/sheet

.PHONY: nlu-report
nlu-report: train ## Report on our own held-out questions, with pictures, into var/nlu-report
	@$(PYTHON) -m bot evaluate --file tests/understanding/held_out.jsonl --report var/nlu-report

QUESTIONS_OR_OURS = $(if $(QUESTIONS),$(QUESTIONS),tests/understanding/held_out.jsonl)
COMPARE = $(PYTHON) -m benchmarks.nlu_compare --questions $(QUESTIONS_OR_OURS) \
	$(if $(WAYS),--ways $(WAYS)) $(if $(SPLITS),--splits $(SPLITS)) $(if $(WORD_VECTORS),--word-vectors $(WORD_VECTORS))

.PHONY: nlu-compare
nlu-compare: env ## Compare ways of understanding: make nlu-compare [QUESTIONS="a.jsonl b.jsonl"] [WAYS=ours,linear] [SPLITS=full] [WORD_VECTORS=file]
	@$(COMPARE)

.PHONY: nlu-compare-timing
nlu-compare-timing: env ## Measure times and memory of the compared ways again, on a quiet machine
	@$(COMPARE) --timing

.PHONY: nlu-data-check
nlu-data-check: env ## Near-duplicates and variety of the training utterances
	@$(PYTHON) -m bot.nlu.assessment.diversity

.PHONY: wechat-demo
wechat-demo: train ## Chat with the assistant as if in WeChat: the whole system behind a simulated Official Account
	@$(PYTHON) -W ignore -m tests.wechat.demo

.PHONY: wechat-vectors
wechat-vectors: env ## Make the test vectors of WeChat's encryption anew with two other implementations (needs Node)
	@npm --prefix tests/bot/wechat/peers install --silent --no-package-lock
	@$(PYTHON) -m tests.bot.wechat.peers.make

.PHONY: attack-list
attack-list: env ## Write docs/attacks.md anew from the names of the attempts
	@$(PYTHON) -m tests.attacks.listing > /dev/null

.PHONY: wechat-fault-run
wechat-fault-run: env ## 2,000 messages while connections, gateways and the platform fail: make wechat-fault-run [CHANNEL=wecom|robot] [DATABASE=postgresql]
	@$(PYTHON) -m benchmarks.wechat_faults $(if $(CHANNEL),--channel $(CHANNEL)) $(if $(DATABASE),--database $(DATABASE))

.PHONY: wechat-fuzz
wechat-fuzz: env ## 100,000 odd bodies to the callback of the Official Account, or of WeCom: make wechat-fuzz [CHANNEL=wecom|robot]
	@$(PYTHON) -m benchmarks.wechat_faults.fuzz $(if $(CHANNEL),--channel $(CHANNEL))

.PHONY: hooks
hooks: env ## Install the pre-commit hooks
	@.venv/bin/pre-commit install

.PHONY: clean
clean: ## Remove what was built (environment, models, databases)
	@rm -rf .venv .tools models var .rasa .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .coverage.*
