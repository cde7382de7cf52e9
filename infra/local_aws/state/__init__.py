"""The part of moto's memory that survives a restart: which services (`kept`), and the file format (`encoding`)."""
