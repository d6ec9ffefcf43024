"""Experiments: recipes, runs, what was recorded, and the table of all of them."""
