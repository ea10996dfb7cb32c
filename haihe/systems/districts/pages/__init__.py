"""What is answered: to platforms by Open311, to officers on a page."""
