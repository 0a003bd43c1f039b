"""The programme for other programs, one module for each format. All but the lists for staff show a release."""
