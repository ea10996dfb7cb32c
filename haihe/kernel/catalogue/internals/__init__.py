"""What the catalogue's own actions share; for the kernel only."""
