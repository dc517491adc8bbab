from . import automation_mail_preview, automation_preview, automation_rule_dry_run
