"""Corrections: objections to values, decided by their provider, with recall from who has them."""
