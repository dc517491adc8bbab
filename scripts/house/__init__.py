"""The project's own housekeeping: everything here runs on the standard library alone."""
