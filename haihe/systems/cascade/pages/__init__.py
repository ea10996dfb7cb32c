"""What is answered: to other catalogues in DCAT-AP, to officers on pages."""
