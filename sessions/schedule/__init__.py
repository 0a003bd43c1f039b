"""Import of a public schedule (XML or JSON of frab, pretalx and others) as a new conference.

``reading`` parses both formats to the same values, ``mapping`` converts these to an exchange file, and ``schedule_import``
imports it. What cannot be imported is reported (``notes``).
"""
