"""The local stack: its processes, what they need before a pipeline can run, and what is wrong with them."""
