"""What a case type is as a document: read, written, and its faults named."""
