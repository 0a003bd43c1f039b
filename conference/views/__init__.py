"""Pages of the base app, by what they are about."""
