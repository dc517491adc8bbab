from . import (
    test_book_case,
    test_book_invoice,
    test_book_order,
    test_book_order_paths,
    test_book_rights,
    test_propose,
    test_source_mail,
    test_source_place,
    test_source_read,
    test_source_samples,
    test_source_upload,
)
