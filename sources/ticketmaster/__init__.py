"""The Ticketmaster Discovery API: every event of a window, provably."""
