"""Files and folders: read within bounds, written whole or not at all, named safely; addresses that are none."""
