from . import test_book_invoice, test_book_order, test_propose
