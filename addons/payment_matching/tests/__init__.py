from . import (
    test_book_invoice,
    test_book_order,
    test_propose,
    test_source_mail,
    test_source_place,
    test_source_read,
)
