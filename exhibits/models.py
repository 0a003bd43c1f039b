"""The expo: exhibition, exhibitors, booths with equipment, giveaways."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from conference.models import Conference, District, Person, Photo, Room
from conference.models.event import validate_slug
from rows.fields import LineField, LinesField
from rows.models import OrderedRow


class Exhibition(OrderedRow):
    """오픈 전시마당."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="exhibitions")
    slug = models.CharField(_("웹 주소"), max_length=50, validators=[validate_slug])
    name = LineField(_("전시 이름"))
    name_en = LineField(_("전시 이름(영문)"), blank=True)
    starts_at = models.DateTimeField(_("시작"))
    ends_at = models.DateTimeField(_("끝"))
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, related_name="exhibitions")
    participants_text = LineField(_("참여"), blank=True)
    content = LinesField(_("내용"))

    class Meta(OrderedRow.Meta):
        constraints = [
            models.UniqueConstraint(fields=["conference", "slug"], name="exhibition_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="exhibition_ends_after_start",
                violation_error_message=_("끝나는 시각이 시작보다 늦어야 합니다."),
                violation_error_code="ends_at",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Exhibitor(OrderedRow):
    """참여 기업·단체. ``short_name`` is used in captions."""

    class Kind(models.TextChoices):
        COMPANY = "company", _("기업")
        BODY = "body", _("단체")
        OFFICE = "office", _("사업홍보부서")

    class State(models.TextChoices):
        INVITED = "invited", _("초청")
        CONFIRMED = "confirmed", _("확정")
        CANCELLED = "cancelled", _("취소")

    class Outcome(models.TextChoices):
        UNKNOWN = "unknown", _("미확인")
        PRESENT = "present", _("참여")
        ABSENT = "absent", _("불참")

    exhibition = models.ForeignKey(Exhibition, models.CASCADE, related_name="exhibitors")
    name = LineField(_("이름"), max_length=100)
    short_name = LineField(_("줄인 이름"), max_length=100, blank=True)
    kind = models.CharField(_("구분"), max_length=10, choices=Kind)
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, related_name="exhibitors")
    contact = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="exhibitors")
    state = models.CharField(_("상태"), max_length=10, choices=State, default=State.CONFIRMED)
    photos = models.ManyToManyField(Photo, blank=True, related_name="exhibitors")
    outcome = models.CharField(_("실제"), max_length=10, choices=Outcome, default=Outcome.UNKNOWN)

    class Meta(OrderedRow.Meta):
        constraints = [models.UniqueConstraint(fields=["exhibition", "name"], name="exhibitor_once")]

    def __str__(self) -> str:
        return self.name


class Booth(OrderedRow):
    """부스, given to one exhibitor at most."""

    exhibition = models.ForeignKey(Exhibition, models.CASCADE, related_name="booths")
    number = LineField(_("번호"), max_length=20)
    zone = LineField(_("구역"), max_length=50, blank=True)
    size = LineField(_("크기"), max_length=50, blank=True)
    exhibitor = models.ForeignKey(Exhibitor, models.SET_NULL, null=True, blank=True, related_name="booths")

    class Meta(OrderedRow.Meta):
        constraints = [models.UniqueConstraint(fields=["exhibition", "number"], name="booth_number_once")]

    NAMED_WITH = ("exhibition",)

    def __str__(self) -> str:
        return self.number

    def full_name(self) -> str:
        """Return the number with its exhibition, which distinguishes booths of one number."""
        return f"{self.exhibition} {self.number}"


class Equipment(OrderedRow):
    """장비 lent to a booth."""

    booth = models.ForeignKey(Booth, models.CASCADE, related_name="equipment")
    item = LineField(_("품목"), max_length=100)
    quantity = models.PositiveIntegerField(_("수량"), default=1)

    def __str__(self) -> str:
        return self.item


class Giveaway(OrderedRow):
    """배부 물품. ``stated``: a number from a document that does not say whether it was planned or given."""

    exhibition = models.ForeignKey(Exhibition, models.CASCADE, related_name="giveaways")
    # who hands it out; null: the conference
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, related_name="giveaways")
    name = LineField(_("물품"), max_length=100)
    planned = models.PositiveIntegerField(_("준비"), null=True, blank=True)
    given = models.PositiveIntegerField(_("배부"), null=True, blank=True)
    left = models.PositiveIntegerField(_("남음"), null=True, blank=True)
    stated = models.PositiveIntegerField(_("수량(문서상)"), null=True, blank=True)
    is_approximate = models.BooleanField(_("어림수"), default=False)
    per_item = models.BooleanField(_("각"), default=False)

    class Meta(OrderedRow.Meta):
        constraints = [models.UniqueConstraint(fields=["exhibition", "name"], name="giveaway_once")]

    def __str__(self) -> str:
        return self.name
