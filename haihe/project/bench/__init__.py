"""Benchmarks, each a module with `run`: figures, peers, limits and ratios of one run."""
