"""Pages of corrections: the citizen's, and the officers'."""
