// Node's `pg`, as JavaScript's BI tools use it: TLS, parameters, a pool, an error in a transaction.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import pg from "pg";

const ssl = { ca: readFileSync(process.env.PGSSLROOTCERT, "utf8") };
const pool = new pg.Pool({ host: "localhost", max: 4, ssl });

const { rows } = await pool.query(
  "SELECT TOP 1 NVL(city, $1) AS city, DATEDIFF(day, '2026-11-01', MAX(sold_at)) AS days FROM shop.sales s JOIN shop.venues v "
    + "ON v.venue_id = s.venue_id WHERE s.venue_id = $2 GROUP BY city",
  ["none", 1],
);
assert.deepEqual(rows, [{ city: "Austin", days: "1" }]);
const tables = await pool.query("SELECT table_name FROM information_schema.tables WHERE table_schema = 'shop' ORDER BY 1");
assert.ok(tables.rows.some((row) => row.table_name === "venues"));

const counts = await Promise.all([1, 2, 3].map((id) => pool.query("SELECT COUNT(*) AS n FROM shop.sales WHERE venue_id = $1", [id])));
assert.equal(counts[0].rows[0].n, "2");

const client = await pool.connect();
await client.query("CREATE TABLE shop.from_node (id INT, label VARCHAR(40))");
await client.query("BEGIN");
await client.query("INSERT INTO shop.from_node VALUES ($1, $2)", [1, "a\\b o'x $$ Zoë"]);
await assert.rejects(client.query("SELECT no_such_column FROM shop.venues"), /no_such_column/);
await client.query("ROLLBACK");
assert.equal((await client.query("SELECT COUNT(*) AS n FROM shop.from_node")).rows[0].n, "0");
await client.query("INSERT INTO shop.from_node VALUES ($1, $2)", [1, "a\\b o'x $$ Zoë"]);
assert.equal((await client.query("SELECT label FROM shop.from_node")).rows[0].label, "a\\b o'x $$ Zoë");
await client.query("DROP TABLE shop.from_node");
client.release();
await pool.end();
