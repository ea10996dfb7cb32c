"""The twelve nouns that systems are made of. Headless: no pages, no city's name."""
