"""Pages of the base app, one module for each subject."""
