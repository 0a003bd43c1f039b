"""Pages of the programme: what visitors read, and the day itself."""
