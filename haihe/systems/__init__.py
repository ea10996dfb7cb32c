"""What people use: one thin folder each, none imports another."""
