"""The DAGs: one file per pipeline, which only wires tasks."""
