"""People: persons, enterprises, mandates, consent; identity numbers sealed. Not for officers."""
