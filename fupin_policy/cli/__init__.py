"""The commands of `fupin`, a file for each kind; `main` lists them and says what becomes of errors."""
