"""The national platform as a city sees it: a front database and an interface with quotas."""
