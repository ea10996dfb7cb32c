"""X-Road REST r1 and its metaservices: addresses, headers, error bodies, descriptions. Pure."""
