"""The tutorial, run as it is written."""
