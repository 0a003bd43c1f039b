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


@register.filter(is_safe=True)
def particles(text):
    """Choose the particles of a sentence of ours; what is in it of others stays as it is."""
    return notation.particles(str(text))
