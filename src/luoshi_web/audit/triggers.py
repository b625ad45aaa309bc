"""Triggers that refuse to change or remove events, for both databases."""

from __future__ import annotations

from typing import Any

SQLITE = [
    """CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit_auditevent
       BEGIN SELECT RAISE(ABORT, 'audit events cannot be changed'); END""",
    """CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit_auditevent
       BEGIN SELECT RAISE(ABORT, 'audit events cannot be removed'); END""",
    # INSERT OR REPLACE removes a row without asking the trigger above
    """CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit_auditevent
       WHEN EXISTS (SELECT 1 FROM audit_auditevent WHERE id >= NEW.id)
       BEGIN SELECT RAISE(ABORT, 'audit events are only added, after the last one'); END""",
]
POSTGRESQL = [
    """CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'audit events cannot be changed or removed'; END $$""",
    """CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit_auditevent
       FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_auditevent
       FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
]
STATEMENTS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
DROP = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS audit_no_update",
        "DROP TRIGGER IF EXISTS audit_no_delete",
        "DROP TRIGGER IF EXISTS audit_no_replace",
    ],
    "postgresql": [
        "DROP TRIGGER IF EXISTS audit_no_change ON audit_auditevent",
        "DROP TRIGGER IF EXISTS audit_no_truncate ON audit_auditevent",
        "DROP FUNCTION IF EXISTS audit_refuse()",
    ],
}


def install(apps: Any, editor: Any) -> None:
    """Puts the triggers on, those of this version of the program."""
    remove(apps, editor)
    for statement in STATEMENTS[editor.connection.vendor]:
        editor.execute(statement)


def remove(apps: Any, editor: Any) -> None:
    """Takes the triggers off (a migration backwards)."""
    for statement in DROP[editor.connection.vendor]:
        editor.execute(statement)
