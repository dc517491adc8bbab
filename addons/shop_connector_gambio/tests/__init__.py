from . import test_account, test_flow, test_language, test_report, test_round_trip
