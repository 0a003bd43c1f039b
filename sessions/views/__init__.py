"""Views of the programme, for visitors and for staff."""
