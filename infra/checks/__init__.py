"""The checks of the code and of what is generated from it: `./boxoffice lint`, `test` and `bench`."""
