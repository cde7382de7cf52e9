"""The contracts of the Ticketmaster Discovery API."""
