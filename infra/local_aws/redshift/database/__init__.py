"""The PostgreSQL server behind the stand-in, and the schema that the translated SQL relies on."""
