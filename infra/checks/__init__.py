"""Checks of the code and of generated files: `./boxoffice lint`, `test` and `bench`."""
