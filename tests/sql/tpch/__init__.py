"""The tables, rows and queries of TPC-H."""
