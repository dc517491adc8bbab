from . import test_shop_settlement
