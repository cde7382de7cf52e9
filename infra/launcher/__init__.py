"""The program behind ./boxoffice."""
