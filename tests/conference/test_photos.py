"""The pool takes pictures in, one by one, each under a name of its own."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import User
from conference.models import Conference
from conference.uploads import photos, storage


def jpeg(colour: str = "navy", *, size: tuple[int, int] = (40, 30), **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG", **options)
    return out.getvalue()


@pytest.fixture
def wook(unsigned: Conference) -> User:
    return User.objects.get(username="wook")


def test_a_picture_becomes_a_file_and_a_photo_at_the_end(unsigned: Conference, wook: User) -> None:
    gangbuk = unsigned.districts.get(name="강북구")
    photo = photos.add(unsigned, content=jpeg(), name="IMG_1.JPG", by=wook, district=gangbuk, caption="개회")
    assert unsigned.photos.last() == photo
    assert (photo.file.name, photo.file.uploaded_by, photo.file.width, photo.file.height) == ("IMG_1.jpg", wook, 40, 30)
    assert (photo.caption, photo.district, photo.may_be_public) == ("개회", gangbuk, False)
    assert len(storage.read(photo.file.digest)) == photo.file.size


def test_a_name_that_is_taken_gets_a_number(unsigned: Conference, wook: User) -> None:
    made = [
        photos.add(unsigned, content=jpeg(colour), name="IMG_1.jpg", by=wook) for colour in ("navy", "teal", "gold")
    ]
    assert [photo.file.name for photo in made] == ["IMG_1.jpg", "IMG_1 (2).jpg", "IMG_1 (3).jpg"]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("", "파일.jpg"),
        (r"C:\사진\현장.png", "현장.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("가" * 300 + ".jpg", "가" * 150 + ".jpg"),
        ("두\n줄.jpg", "두 줄.jpg"),
    ],
)
def test_names_are_tamed(unsigned: Conference, wook: User, name: str, kept: str) -> None:
    assert photos.add(unsigned, content=jpeg(), name=name, by=wook).file.name == kept


def test_the_very_same_picture_is_told_and_not_stored_twice(unsigned: Conference, wook: User) -> None:
    photos.add(unsigned, content=jpeg(), name="IMG_1.jpg", by=wook)
    before = (unsigned.files.count(), unsigned.photos.count())
    with pytest.raises(ValidationError, match=r"이미 올린 사진입니다: IMG_1\.jpg"):
        photos.add(unsigned, content=jpeg(), name="other.jpg", by=wook)
    assert (unsigned.files.count(), unsigned.photos.count()) == before


def test_place_and_time_of_the_camera_are_gone(unsigned: Conference, wook: User) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "maker", 6  # 6: turned by a quarter
    photo = photos.add(unsigned, content=jpeg(size=(60, 20), exif=exif), name="IMG_1.jpg", by=wook)
    kept = Image.open(io.BytesIO(storage.read(photo.file.digest)))
    assert (kept.size, dict(kept.getexif())) == ((20, 60), {})


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"not a picture", "사진이 아닙니다. JPEG나 PNG 사진만 받습니다."),
        (b"GIF89a" + b"\0" * 40, "사진이 아닙니다. JPEG나 PNG 사진만 받습니다."),
        (jpeg()[:200], "사진 파일이 망가졌습니다."),
    ],
)
def test_what_is_no_picture_is_refused_and_leaves_nothing(
    unsigned: Conference, wook: User, content: bytes, text: str
) -> None:
    before = (unsigned.files.count(), unsigned.photos.count())
    with pytest.raises(ValidationError) as refused:
        photos.add(unsigned, content=content, name="IMG_1.jpg", by=wook)
    assert (refused.value.messages, (unsigned.files.count(), unsigned.photos.count())) == ([text], before)


def test_empty_and_huge_files_are_not_even_read() -> None:
    huge = SimpleUploadedFile("IMG_1.jpg", b"x")
    huge.size = 200 * 1024**2
    with pytest.raises(ValidationError, match=r"너무 큽니다\(200MB\). 한 장에 50MB까지"):
        photos.read_upload(huge)
    with pytest.raises(ValidationError, match="빈 파일입니다"):
        photos.read_upload(SimpleUploadedFile("IMG_1.jpg", b""))
