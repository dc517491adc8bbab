from . import test_account, test_customer, test_inbox, test_memory, test_money, test_update
