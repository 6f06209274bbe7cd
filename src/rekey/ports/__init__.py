"""What the core asks of the outside, in words of the domain."""
