from . import test_dispute, test_fetch, test_source, test_webhook
