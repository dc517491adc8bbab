from . import shop_trial
