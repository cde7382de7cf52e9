"""What of moto's memory outlives the process: which services (`kept`), in which form (`encoding`)."""
