"""Amazon's Selling Partner API in plain Python: the wire, the translation and the names."""
