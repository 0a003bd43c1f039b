"""Database rules of the programme: no room has two sessions at one time, unless that is deliberate."""

from rows.database_rules import DatabaseRule

TABLE = "conference_sessions_roomuse"
OVERLAP = f"""
CREATE TRIGGER {{name}} BEFORE {{event}} ON {TABLE}
WHEN NOT NEW.is_deliberate AND EXISTS (
    SELECT 1 FROM {TABLE} other
    WHERE other.room_id = NEW.room_id AND other.id IS NOT NEW.id AND NOT other.is_deliberate
    AND other.starts_at < NEW.ends_at AND NEW.starts_at < other.ends_at)
BEGIN SELECT RAISE(ABORT, 'room_taken'); END
"""  # noqa: S608 (a constant of this file)
# A range that holds one id takes the place of the id, because GiST without an extension knows no equality of integers.
EXCLUDE = f"""
ALTER TABLE {TABLE} ADD CONSTRAINT room_taken EXCLUDE USING gist (
    int8range(room_id, room_id, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&
) WHERE (NOT is_deliberate) DEFERRABLE INITIALLY DEFERRED
"""

RULES = [
    DatabaseRule(
        name="room_taken",
        table=TABLE,
        sqlite=OVERLAP.format(name="room_taken", event="INSERT"),
        postgresql=EXCLUDE,
        is_constraint=True,
    ),
    DatabaseRule(
        name="room_taken_by_change",
        table=TABLE,
        sqlite=OVERLAP.format(name="room_taken_by_change", event="UPDATE"),
        postgresql="",
    ),
]
