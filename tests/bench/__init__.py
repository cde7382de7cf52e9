"""Benchmarks: what Boxoffice costs, compared with the plain way of doing the same. `./boxoffice bench` runs them.

Every module here with a `measure` function is a program; its name is the module's. Its docstring explains what is
compared with what, and what either side leaves out: the first line is the title, the rest is printed above the
results in `docs/benchmarks.md`. These are measurements, not tests: nothing fails because a machine is slow.
"""
