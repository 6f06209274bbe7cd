"""The ratios that docs/performance.md reports; `./do bench` runs them."""
