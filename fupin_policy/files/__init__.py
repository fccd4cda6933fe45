"""Files and folders: read within bounds, written whole or not at all, named safely; addresses; tables for others.

In: paths, bytes, names. Out: bytes, or files that are whole. Called by whatever reads or writes a file.
Imports `diagnostics`.
"""
