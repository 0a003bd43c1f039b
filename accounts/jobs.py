"""Mails that are owed, and sign-ins whose records are past their date."""

from accounts import mail_queue, sign_in_log

JOBS = {"mail": mail_queue.send_owed, "sign-in log": sign_in_log.delete_expired}
