"""Random schemas, rows and queries, whose answers must be one server's."""
