"""Work that the desk owes: reminders of what districts were asked for."""

from desk import data_requests

JOBS = {"reminders": data_requests.send_reminders}
