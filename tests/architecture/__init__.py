"""Tests of the house itself: how it is laid out, what each part declares, what no file may hold."""
