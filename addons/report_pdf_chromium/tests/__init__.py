from . import test_files, test_invoice, test_report
