"""The wire API that Seam's clients speak, in front of the core."""
