"""AWS, one class per service: nothing else in Boxoffice speaks to it."""
