"""Pictures of an original's pages: who may see them, what is lit, that they are kept and pruned."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from made_pages import need_fonts
from ofd_writer import Paragraph, write
from PIL import Image
from web_world import World

from luoshi_web.library import jobs, pictures
from luoshi_web.library.models import Candidate, Document, Job, Version

PARAGRAPHS = (
    ("title", "海门市人民政府关于加强河道管护的意见"),
    ("body", "海政发〔2025〕18号"),
    ("body", "一、健全管护制度"),
    (
        "body",
        "（一）落实管护责任。2026年底前完成38条骨干河道疏浚，建立巡查制度。（牵头单位：市水利局）",
    ),
    ("body", "（二）严格执法监督。严禁侵占河道，依法查处违法建设。（市水利局、市公安局按职责分工负责）"),
    ("right", "海门市人民政府"),
    ("right", "2025年7月2日"),
)


@pytest.fixture
def version(world: World) -> Version:
    """An OFD file, read."""
    need_fonts()
    return read(world, "河道.ofd", write([Paragraph(text, style) for style, text in PARAGRAPHS], "河道"))


def read(world: World, name: str, data: bytes) -> Version:
    known = set(Document.objects.values_list("pk", flat=True))
    form = {
        "owner": world.units["city"].pk,
        "audience": "own",
        "files": [SimpleUploadedFile(name, data)],
    }
    assert world.client("drafter-city").post("/library/upload", form).status_code == 302
    for pk in Job.objects.filter(state="waiting", kind="read").values_list("pk", flat=True):
        jobs.run(pk)
    found = Document.objects.exclude(pk__in=known).get().current
    assert found is not None
    return found


def picture(client: Client, version: Version, number: int = 1) -> Any:
    return client.get(f"/library/versions/{version.pk}/pages/{number}.png")


def test_a_page_is_shown_with_the_candidates_boxes(world: World, version: Version) -> None:
    assert version.pages == [1, 1]
    client = world.client("reviewer-city")
    leaf = client.get(f"/library/versions/{version.pk}/pages/1").content.decode()
    keys = set(Candidate.objects.filter(version=version).values_list("key", flat=True))
    assert keys and all(f'data-keys="{k}"' in leaf for k in keys)
    image = Image.open(io.BytesIO(b"".join(picture(client, version))))
    assert image.width > 500 and image.getextrema() != ((255, 255),) * 3
    reading = client.get(f"/library/versions/{version.pk}/").content.decode()
    assert 'id="leaf-1"' in reading and 'data-page="1"' in reading
    review = client.get(f"/register/review/{version.document_id}/").content.decode()
    assert 'id="leaf-1"' in review and 'data-page="1"' in review


def test_a_span_of_the_text_is_lit(world: World, version: Version) -> None:
    start = version.text.index("骨干河道")
    address = f"/library/versions/{version.pk}/pages/1?lit={start}-{start + 4}"
    leaf = world.client("reviewer-city").get(address).content.decode()
    assert leaf.count('class="place lit"') == 1
    assert pictures.page_of(version, start) == 1
    found = address.replace("pages/1", "pages/0")  # the page that the span stands on
    alone = world.client("reviewer-city").get(found).content.decode()
    assert alone.count("<rect") == 1 and 'class="place lit"' in alone


def test_a_picture_is_made_once_and_anew_when_missing(world: World, version: Version) -> None:
    client = world.client("reviewer-city")
    first = b"".join(picture(client, version))
    path = pictures.picture(version, 1).path
    made = path.stat().st_mtime_ns
    assert b"".join(picture(client, version)) == first and path.stat().st_mtime_ns == made
    path.unlink()
    assert b"".join(picture(client, version)) == first


def test_who_may_not_see_the_document_sees_no_page(world: World, version: Version) -> None:
    b"".join(picture(world.client("reviewer-city"), version))  # it lies on disk already
    for who in ("viewer-county", "viewer-other"):
        assert picture(world.client(who), version).status_code == 404
        assert world.client(who).get(f"/library/versions/{version.pk}/pages/1").status_code == 404
    assert picture(Client(), version).status_code == 302


def test_no_such_page(world: World, version: Version) -> None:
    client = world.client("reviewer-city")
    assert picture(client, version, 2).status_code == 404
    assert picture(client, version, 0).status_code == 404
    assert picture(client, world.document.current).status_code == 404


def test_an_original_that_is_gone_is_told_and_nothing_breaks(world: World, version: Version) -> None:
    path = version.file.path
    for known in settings.LUOSHI.pictures.glob(f"*/{version.file.sha256}/*.png"):
        known.unlink()
    data = path.read_bytes()
    path.unlink()
    try:
        answer = world.client("reviewer-city").get(f"/library/versions/{version.pk}/pages/1")
        assert answer.status_code == 200 and "不能显示" in answer.content.decode()
        assert picture(world.client("reviewer-city"), version).status_code == 422
    finally:
        path.write_bytes(data)


def test_the_oldest_pictures_go_when_there_are_too_many(tmp_path: Any) -> None:
    import os

    for i in range(10):
        path = tmp_path / "ab" / str(i) / "1-100-100.png"
        path.parent.mkdir(parents=True)
        path.write_bytes(b"x" * 100)
        os.utime(path, (i, i))
    assert pictures.prune(tmp_path, 1000) == 0
    assert pictures.prune(tmp_path, 999) == 3
    assert sorted(int(p.parent.name) for p in tmp_path.glob("*/*/*.png")) == list(range(3, 10))
