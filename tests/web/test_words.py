"""Every text of the pages has its English, and the catalogues are compiled."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from django.test import Client
from web_world import World

ROOT = Path(__file__).resolve().parents[2]


def test_every_text_has_its_english() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "messages.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_language_is_chosen_by_cookie(db: None) -> None:
    client = Client()
    assert "登录" in client.get("/account/login/").content.decode()
    client.post("/language", {"language": "en", "next": "/account/login/"})
    assert "Sign in" in client.get("/account/login/").content.decode()


def test_an_account_keeps_its_language(world: World) -> None:
    client = world.client("viewer-city")
    assert client.post("/language", {"language": "en", "next": "/library/"}).status_code == 302
    assert "Documents" in client.get("/library/").content.decode()
    world.accounts["viewer-city"].refresh_from_db()
    assert world.accounts["viewer-city"].language == "en"


def test_the_schema_is_that_of_the_models(db: None) -> None:
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
