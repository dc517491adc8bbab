from . import (
    test_automation_rule,
    test_automation_rule_cases,
    test_automation_rule_duplicate,
    test_automation_rule_free,
    test_engine,
    test_engine_budget,
    test_engine_documents,
    test_filed_invoice,
    test_mail_block,
    test_mail_outbox,
    test_mail_relay,
    test_policy,
)
