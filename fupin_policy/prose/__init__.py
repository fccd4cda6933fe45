"""Expressions, values and ratios of the core in Chinese and English words."""
