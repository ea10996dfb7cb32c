"""What a round with a platform consists of: sending, hearing, and taking one word after another."""
