"""The pages of snap, by who opens them."""
