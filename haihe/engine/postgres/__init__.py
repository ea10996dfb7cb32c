"""PostgreSQL: addresses, and our own supervisor over the embedded binaries."""
