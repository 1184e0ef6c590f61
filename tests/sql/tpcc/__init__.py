"""The tables, rows and transactions of TPC-C, and its conditions of consistency."""
