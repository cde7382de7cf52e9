"""The local stack: its processes, its provisioning, and the checks of its health."""
