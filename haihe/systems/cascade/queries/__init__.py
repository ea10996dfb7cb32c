"""What can be asked: our catalogue in pages of DCAT, other catalogues and their entries."""
