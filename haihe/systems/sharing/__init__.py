"""Sharing: catalogue, four lists, demand to grant, links and batches, the overview."""
