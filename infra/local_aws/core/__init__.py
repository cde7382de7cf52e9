"""What every service of moto shares: the models of the services' calls, and the lists of their regions."""
