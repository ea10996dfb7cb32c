"""Portal: the home of citizens and enterprises."""
