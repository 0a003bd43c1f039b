"""Django's SQLite for a file that may be moved away: it never writes to a file that is lost later."""
