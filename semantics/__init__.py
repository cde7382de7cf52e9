"""The semantic model: what the stars' columns and sums mean, declared once in YAML, and SQL made from it.

`catalog` reads it fast, `datasets` gives what a BI tool needs, `queries` answers questions by names through MetricFlow.
"""
