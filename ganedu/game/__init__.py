"""The game: who moves when, what each minimises, and what else is added or held back."""
