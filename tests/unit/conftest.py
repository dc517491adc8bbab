"""Make the add-ons' plain-Python packages importable without Odoo.

`from order_automation.lib import postal` imports addons/order_automation/lib/postal.py without
running the add-on's own `__init__` (which needs Odoo).
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "addons"))

from automation_core.lib import plain

plain.register()
