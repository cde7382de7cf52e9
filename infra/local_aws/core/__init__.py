"""What all services of moto share: botocore's models of the services, and the lists of their regions."""
