"""Jobs of desk: reminders of data requests."""

from desk import data_requests

JOBS = {"reminders": data_requests.send_reminders}
