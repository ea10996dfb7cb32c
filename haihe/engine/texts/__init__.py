"""Short texts that people write: how alike two are, and what one is about."""
