from . import test_automation_case
