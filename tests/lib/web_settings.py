"""Settings of the web tests: an installation of their own in a temporary folder, made before Django reads it.

``LUOSHI_TEST_DATABASE_URL=postgresql://…`` runs them on PostgreSQL.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_folder = tempfile.mkdtemp(prefix="luoshi-test-")
atexit.register(shutil.rmtree, _folder, True)
os.environ["LUOSHI_DATA"] = _folder
for _name in [
    n
    for n in os.environ
    if n.startswith("LUOSHI_") and n not in ("LUOSHI_DATA", "LUOSHI_SHARED", "LUOSHI_TEST_DATABASE_URL")
]:
    del os.environ[_name]
os.environ.pop("DATABASE_URL", None)
if _url := os.environ.get("LUOSHI_TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = _url
Path(_folder, "secret.key").write_text("only-for-tests-" + "x" * 40)
Path(_folder, "static").mkdir()
Path(_folder, "luoshi.toml").write_text('hosts = ["testserver", "127.0.0.1", "localhost"]\n')

from luoshi_web.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
