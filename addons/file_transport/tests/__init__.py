from . import test_file_transport
