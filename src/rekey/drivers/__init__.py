"""Hardware families, one package each: how a door is moved, never whether it may be."""
