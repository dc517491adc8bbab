from . import shop_feed_trial, shop_feed_trial_row, shop_oversold, shop_trial
