"""City packs: data, texts and adapters. Never hooks or subclasses."""
