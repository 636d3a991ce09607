"""A record of any older version is brought up to date with everything in it; one of a newer version is left alone."""

import ast
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, inspect, select, text

from storage.record import Record, RecordError
from storage.record import tables as t
from storage.record.connections import door_to
from storage.record.migrating import NEWEST, migrate
from storage.record.moments import body_of, micros
from tests.builders import ROOT
from tests.storage.records import KEY, NOW, Clock, filed, request

FOLDER = ROOT / "storage" / "migrations"
OLDER = ("0001", "0002", "0003", "0004", "0005")


def script() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return ScriptDirectory.from_config(config)


def test_migrations_make_exactly_the_tables_that_the_record_uses(url: str) -> None:
    door = door_to(url)
    migrate(door.engine)
    with door.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), t.metadata) == []
        if connection.dialect.name == "sqlite":
            found = connection.execute(text("select name, sql from sqlite_master where sql is not null"))
            made = {str(name): str(sql) for name, sql in found}
            wanted = {name: "WITHOUT ROWID" in sql for name, sql in made.items() if name in t.metadata.tables}
            assert {name for name, without in wanted.items() if without} == {"counters", "inbox"}
            assert "where state in" in made["requests_open"].lower()
    door.close()


def test_the_newest_migration_is_the_one_that_opening_looks_for() -> None:
    assert script().get_heads() == [NEWEST]
    revisions = [one.revision for one in script().walk_revisions()]
    assert revisions == sorted(revisions, reverse=True)
    assert set(OLDER) == set(revisions) - {NEWEST}


def test_migrations_only_go_forward() -> None:
    for path in (FOLDER / "versions").glob("r*.py"):
        names = [one.name for one in ast.parse(path.read_text()).body if isinstance(one, ast.FunctionDef)]
        assert "upgrade" in names
        assert "downgrade" not in names


@pytest.mark.parametrize("version", OLDER)
def test_a_record_of_an_older_version_keeps_what_is_in_it(url: str, tmp_path: Path, clock: Clock, version: str) -> None:
    door = door_to(url)
    migrate(door.engine, version)
    with door.engine.begin() as connection:
        one = request()
        row = {
            "request_no": one.request_no, "state": one.state, "version": 1, "applicant": one.applicant,
            "customer_id": "C1", "filed_at": micros(NOW), "body": body_of(one),
        }  # fmt: skip
        connection.execute(insert(t.requests).values(row))
        evidence = {"request_no": one.request_no, "round": 1, "form": "{}", "evidence": "{}", "policy": "p1"}
        connection.execute(insert(t.evidence).values(evidence))
        connection.execute(insert(t.inbox).values(event_key="Ev1", payload_hash="h", taken_at=1))
        found = set(inspect(connection).get_table_names())
    door.close()
    assert ("drafts" in found, "slots" in found) == (version >= "0002", version >= "0003")
    assert "cases" not in found
    record = Record(url, KEY, clock)
    kept = record.request(one.request_no)
    assert kept is not None
    assert kept.request == one
    with record.begin() as writing:
        assert not writing.first_time("Ev1", "h")
        assert writing.claim_slot("sync", NOW.date(), late=False)
    record.close()


def test_a_migration_that_fails_leaves_the_older_version_whole(url: str, clock: Clock) -> None:
    door = door_to(url)
    migrate(door.engine, "0001")
    with door.engine.begin() as connection:
        connection.execute(text("create table slots (something integer)"))
    with pytest.raises(Exception, match="slots"):
        migrate(door.engine)
    with door.engine.begin() as connection:
        assert not inspect(connection).has_table("drafts")
        assert connection.execute(text("select version_num from alembic_version")).scalar() == "0001"
        connection.execute(text("drop table slots"))
    door.close()
    Record(url, KEY, clock).close()


def test_a_record_of_a_newer_version_is_refused_and_not_touched(url: str, tmp_path: Path, clock: Clock) -> None:
    record = Record(url, KEY, clock, head_file=tmp_path / "audit.head")
    filed(record, request())
    record.close()
    door = door_to(url)
    with door.engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '0999'"))
    with pytest.raises(RecordError) as refused:
        Record(url, KEY, clock)
    assert (refused.value.code, refused.value.facts["found"]) == ("record_newer", "0999")
    with door.engine.connect() as connection:
        assert connection.execute(select(t.requests.c.request_no)).scalars().all() == ["CR-2026-0001"]
    door.close()
