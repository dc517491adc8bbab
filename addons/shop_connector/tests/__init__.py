from . import (
    test_account,
    test_customer,
    test_inbox,
    test_memory,
    test_message_shipment,
    test_message_trouble,
    test_money,
    test_setup,
    test_treatment,
    test_update,
)
