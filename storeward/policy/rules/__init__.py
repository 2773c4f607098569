"""The rules: one file per kind of rule holds the functions, one folder per platform the dated figures and their sources."""
