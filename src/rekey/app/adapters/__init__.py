"""The core's ports, answered by this machine."""
