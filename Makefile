# Two commands do everything: "make demo" and "make test".
PYTHON ?= python3
.DEFAULT_GOAL := help
.PHONY: help demo test check bench shell stop clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

demo: ## Set up, start Odoo with a living demo company, run the main job
	@$(PYTHON) scripts/manage.py demo

test: ## Set up and run every test
	@$(PYTHON) scripts/test.py

check: ## Run the quality gates (lint, types, translations)
	@$(PYTHON) scripts/gates.py

bench: ## Measure orders per second, beside plain Odoo
	@$(PYTHON) scripts/dev run python bench/pipeline.py $(ARGS)

shell: ## A Python shell in the demo's database
	@$(PYTHON) scripts/manage.py shell

stop: ## Stop everything that was started
	@$(PYTHON) scripts/manage.py stop

clean: ## Stop, and remove everything that was made (.data)
	@$(PYTHON) scripts/manage.py clean
