"""Official notation of dates and times as template filters."""

from django import template

from conference import notation

register = template.Library()

register.filter("day", notation.day)
register.filter("full_day", notation.full_day)
register.filter("short_day", notation.short_day)
register.filter("clock", notation.clock)
register.filter("hours", notation.hours)
register.filter("span", notation.span)
