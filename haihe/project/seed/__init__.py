"""Makes a made-up city of any size in department databases of its own; never in Haihe's."""
