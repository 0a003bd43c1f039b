"""The daily check of the stored files."""

from __future__ import annotations

from conference.uploads import storage_check

SLOW_JOBS = {"stored files": storage_check.run_daily}
