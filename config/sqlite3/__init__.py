"""Django's SQLite for a file that may be taken away: never written where nobody would find it again."""
