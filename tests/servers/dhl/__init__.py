"""DHL to test against."""
