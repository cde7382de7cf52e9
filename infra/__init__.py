"""Everything the pipelines stand on."""
