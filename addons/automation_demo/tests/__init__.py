from . import test_automation_demo
