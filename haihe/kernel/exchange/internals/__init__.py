"""For the kernel only: how a link becomes a move of the engine."""
