"""Pictures of the running demo, taken with Chromium."""
