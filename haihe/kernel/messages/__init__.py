"""Messages: an outbox to persons and departments, by adapter. Not for chat."""
