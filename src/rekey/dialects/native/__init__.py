"""Rekey's own wire API: what the three others have no word for, in the words of the core."""
