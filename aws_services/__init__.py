"""AWS, one class per service. No other package in Boxoffice calls AWS."""
