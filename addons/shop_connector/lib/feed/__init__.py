"""Orders from files: readers, mapping, preview, profiles, way back."""
