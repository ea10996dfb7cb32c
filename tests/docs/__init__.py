"""Tests of the documentation: links, commands, settings, the generated reference."""
