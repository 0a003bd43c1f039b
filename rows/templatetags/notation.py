"""Official notation of dates and times as template filters."""

from django import template

from korean import dates, particles

register = template.Library()

register.filter("day", dates.format_day)
register.filter("full_day", dates.format_full_day)
register.filter("short_day", dates.format_short_day)
register.filter("clock", dates.format_clock)
register.filter("hours", dates.format_hours)
register.filter("span", dates.format_span)


@register.filter("particles", is_safe=True)
def choose_particles(text):
    """Choose the particles of a sentence; text in it that users typed is still escaped."""
    return particles.choose_particles(str(text))
