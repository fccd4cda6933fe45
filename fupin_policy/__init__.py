"""Policies as code: a household goes in, decisions come out."""
