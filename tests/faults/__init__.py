"""What is lost when processes are killed and parts of the machine taken away: `python -m tests.faults` (see __main__)."""
