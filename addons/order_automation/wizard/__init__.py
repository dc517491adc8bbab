from . import automation_preview, automation_rule_dry_run
