"""Pages of originals that lie in archives, also in archives of archives; none is taken for another."""

from __future__ import annotations

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from made_pages import need_fonts
from ofd_writer import Paragraph, write
from PIL import Image
from web_world import World

from luoshi_web.library import jobs
from luoshi_web.library.models import Document, Job, Version

PARAGRAPHS = (
    ("title", "海门市人民政府关于加强河道管护的意见"),
    ("body", "一、健全管护制度"),
    ("body", "（一）落实管护责任。2026年底前完成38条骨干河道疏浚，建立巡查制度。（牵头单位：市水利局）"),
    ("right", "海门市人民政府"),
    ("right", "2025年7月2日"),
)


def packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def made(place: str, river: str) -> bytes:
    """An OFD file of another place and river."""
    return write([Paragraph(t.replace("海门", place).replace("河道", river), s) for s, t in PARAGRAPHS], "甲")


def test_pages_of_originals_in_archives_are_shown(world: World) -> None:
    need_fonts()
    second = packed({"支流/乙.ofd": made("临水", "支流")})
    last = read_all(world, packed({"甲.ofd": made("海门", "河道"), "内/包.zip": second}))
    shown = []
    for version in last:
        assert version.pages == [1, 1] and "!/" in version.row["source"]
        client = world.client("viewer-city")
        url = f"/library/versions/{version.pk}/pages/1.png"
        answer = client.get(url)
        assert answer.status_code == 200
        shown.append(b"".join(answer.streaming_content))
        assert Image.open(io.BytesIO(shown[-1])).width > 500
        page = client.get(f"/library/documents/{version.document_id}/").content.decode()
        assert 'data-view="pages"' in page
        leaf = client.get(f"/library/versions/{version.pk}/pages/1").content.decode()
        assert "data-keys=" in leaf and "不能显示" not in leaf
        again = client.get(url)
        assert b"".join(again.streaming_content) == shown[-1]
    assert len(last) == 2 and shown[0] != shown[1]


def read_all(world: World, data: bytes) -> list[Version]:
    """The versions of an archive, in its order."""
    known = set(Document.objects.values_list("pk", flat=True))
    form = {
        "owner": world.units["city"].pk,
        "audience": "own",
        "files": [SimpleUploadedFile("汇集.zip", data)],
    }
    assert world.client("drafter-city").post("/library/upload", form).status_code == 302
    for pk in Job.objects.filter(state="waiting", kind="read").values_list("pk", flat=True):
        jobs.run(pk)
    found = Document.objects.exclude(pk__in=known).order_by("pk").select_related("current")
    return [d.current for d in found if d.current is not None]
