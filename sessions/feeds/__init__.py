"""The programme for other programs: calendars, schedules, data, lists. One module a format, all but the lists from a release."""
