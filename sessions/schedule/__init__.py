"""A public schedule (frab XML or JSON, as frab, pretalx and others write it) → a conference here.

``reading`` turns either form into the same plain values, ``mapping`` those into a file of our own exchange, and
``moving`` hands that to the one importer there is. What has no place here is listed (``notes``), never dropped unsaid.
"""
