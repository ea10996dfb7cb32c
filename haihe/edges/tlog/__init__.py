"""Transparency logs as C2SP publishes them: notes, checkpoints, cosignatures, tiles, witnesses."""
