"""The demo's outside world: a shop with customers, and a mail server that keeps what it gets."""
