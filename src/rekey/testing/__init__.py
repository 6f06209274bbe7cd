"""What Rekey publishes for tests: suites an adapter must pass, fakes, and a real database server."""
