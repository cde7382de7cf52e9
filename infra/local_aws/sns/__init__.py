"""SNS with readable messages: each is a file."""
