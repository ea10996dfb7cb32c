"""What the verbs of cases are made of; for the kernel only."""
