"""Inside of services: for the kernel alone."""
