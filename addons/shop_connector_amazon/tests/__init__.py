from . import test_report, test_stock
