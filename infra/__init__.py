"""Infrastructure: the local AWS, simulators, the local stack, deployment, checks and the command line."""
