"""Triggers by which the database itself refuses to change the trail (XC-6, SEC-57)."""

from typing import Any

TABLE = "audit_auditentry"
MESSAGE = "audit entries cannot be changed"

POSTGRESQL_INSTALL = f"""
CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION '{MESSAGE}';
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON {TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""
POSTGRESQL_REMOVE = f"""
DROP TRIGGER IF EXISTS audit_no_change ON {TABLE};
DROP TRIGGER IF EXISTS audit_no_truncate ON {TABLE};
DROP FUNCTION IF EXISTS audit_refuse_change();
"""
SQLITE_INSTALL = (
    f"CREATE TRIGGER audit_no_update BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
    f"CREATE TRIGGER audit_no_delete BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
)
SQLITE_REMOVE = (
    "DROP TRIGGER IF EXISTS audit_no_update",
    "DROP TRIGGER IF EXISTS audit_no_delete",
)


def install(connection: Any) -> None:
    """Create the triggers."""
    statements = (POSTGRESQL_INSTALL,) if connection.vendor == "postgresql" else SQLITE_INSTALL
    _execute(connection, statements)


def remove(connection: Any) -> None:
    """Drop the triggers (reverse migration; clearing of test databases)."""
    statements = (POSTGRESQL_REMOVE,) if connection.vendor == "postgresql" else SQLITE_REMOVE
    _execute(connection, statements)


def _execute(connection: Any, statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
