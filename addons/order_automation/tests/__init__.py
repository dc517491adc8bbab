from . import test_automation_rule
from . import test_automation_rule_cases
from . import test_automation_rule_duplicate
from . import test_automation_rule_free
from . import test_engine
from . import test_policy
