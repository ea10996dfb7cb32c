"""Snap (随手拍): citizens report what they see, follow it, and judge how it was handled."""
