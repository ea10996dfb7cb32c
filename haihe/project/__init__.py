"""Settings, addresses, processes and the `haihe` command: what ties the house together."""
