"""Plays a witness outside the operator: cosigns a log's checkpoints if each extends the last."""
