"""The reads of grids: plans for those who draw them, the round for those who walk them."""
