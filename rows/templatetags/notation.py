"""Official notation of dates and times as template filters."""

from django import template

from korean import dates, particles

register = template.Library()

register.filter("day", dates.day)
register.filter("full_day", dates.full_day)
register.filter("short_day", dates.short_day)
register.filter("clock", dates.clock)
register.filter("hours", dates.hours)
register.filter("span", dates.span)


@register.filter("particles", is_safe=True)
def choose_particles(text):
    """Choose the particles of a sentence of ours; what is in it of others stays as it is."""
    return particles.particles(str(text))
