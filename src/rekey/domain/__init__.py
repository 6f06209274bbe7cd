"""Pure values and rules of access: no I/O, no clock, no randomness (they come in as arguments)."""
