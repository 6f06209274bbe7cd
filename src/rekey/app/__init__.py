"""The composition root: settings, adapters, drivers and dialects put together into one server."""
