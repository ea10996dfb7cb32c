"""The `haihe` command, one module a noun of the command line."""
