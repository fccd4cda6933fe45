"""The commands of `fupin`, a file for each kind. Each has `NAME(arguments)` and what it takes."""
