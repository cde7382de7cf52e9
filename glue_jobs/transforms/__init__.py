"""Pure DataFrame functions."""
