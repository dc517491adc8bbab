from . import test_automation_case, test_translated
