from . import test_yatego
