"""Rekey: self-hosted access control that takes access away at once, everywhere, provably."""

__version__ = "0.1.0"
