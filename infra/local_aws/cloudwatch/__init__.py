"""CloudWatch alarms that are evaluated."""
