"""Lazada: one more marketplace in the world."""
