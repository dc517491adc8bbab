from . import (
    test_account,
    test_change,
    test_consent,
    test_flow,
    test_notification,
    test_report,
    test_whole_way,
)
