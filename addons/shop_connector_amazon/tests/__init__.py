from . import (
    test_account,
    test_bucket,
    test_flow,
    test_import,
    test_report,
    test_service,
    test_stock,
)
