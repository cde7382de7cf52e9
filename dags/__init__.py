"""One file per pipeline: wiring only."""
