"""Who may log in to the warehouse: temporary passwords that AWS's APIs give out, and the passwords of users."""
