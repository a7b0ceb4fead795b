from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import BigInteger, Boolean, Date, String, create_engine, inspect

from actions.accounts.migrations import config, upgrade
from actions.accounts.models import customer, metadata, subscription
from actions.accounts.types import Scaled


def test_the_migrations_make_exactly_the_tables_of_the_models(database_url):
    upgrade(database_url)
    with create_engine(database_url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_the_migrations_make_the_check_constraints_of_the_models(database_url):
    upgrade(database_url)
    engine = create_engine(database_url)
    migrated = {check["name"]: check["sqltext"] for check in inspect(engine).get_check_constraints("subscription")}
    assert len(migrated) == 4
    subscription.drop(engine)
    subscription.create(engine)
    modelled = {check["name"]: check["sqltext"] for check in inspect(engine).get_check_constraints("subscription")}
    assert migrated == modelled


def test_migrating_twice_changes_nothing(database_url):
    upgrade(database_url)
    upgrade(database_url)
    assert {"customer", "subscription"} <= set(inspect(create_engine(database_url)).get_table_names())


def test_the_migrations_can_be_taken_back(database_url):
    upgrade(database_url)
    with create_engine(database_url).begin() as connection:
        command.downgrade(config(connection), "base")
    assert set(inspect(create_engine(database_url)).get_table_names()) == {"alembic_version"}
    upgrade(database_url)


def test_every_declared_fact_has_a_column_of_its_type(facts):
    types = {"bool": Boolean, "int": BigInteger, "money": Scaled, "decimal": Scaled, "date": Date, "enum": String}
    for name, spec in facts.items():
        table = customer if spec.level == "customer" else subscription
        assert isinstance(table.c[name].type, types[spec.type]), name
        assert table.c[name].nullable, name


def test_a_date_that_can_be_none_has_its_marker(facts):
    marked = {f"{name}_is_none" for name, spec in facts.items() if spec.type == "date" and spec.none}
    assert marked == {column.name for column in subscription.c if column.name.endswith("_is_none")}
