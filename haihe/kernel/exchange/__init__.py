"""Exchange: links between a source and a target, batches, quarantine, reconciliation."""
