"""Jobs of the worker: sending mails, deleting sign-in records past their date."""

from accounts import mail_queue, sign_in_log

JOBS = {"mail": mail_queue.send_pending, "sign-in log": sign_in_log.delete_expired}
