"""Pages of the stewards of case types."""
