"""Views of reports, one module for each subject."""
