from . import test_connect, test_fetch, test_rights, test_tour
