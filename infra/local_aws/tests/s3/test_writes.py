"""How often a request writes the index: each write costs as much as the rest of a small PUT."""

import json
import subprocess
import sys
from pathlib import Path

_COUNTS = """
import json, sys
from pathlib import Path
import boto3
from infra.local_aws import account
account.use()
from infra.local_aws.server import Server

server = Server(Path(sys.argv[1]), warehouse_port=None)
server.start()
s3 = boto3.Session("local", "local", region_name="us-east-1").client("s3", endpoint_url=server.url)
for bucket in ("plain", "versioned"):
    s3.create_bucket(Bucket=bucket)
s3.put_bucket_versioning(Bucket="versioned", VersioningConfiguration={"Status": "Enabled"})
statements = []
server._s3.index._connection.set_trace_callback(statements.append)

def writes(bucket, call):
    statements.clear()
    call(Bucket=bucket, Key="k", Body=b"x", Metadata={"a": "b"}, ContentType="text/plain", Tagging="a=b",
         ChecksumAlgorithm="SHA256")
    transactions = sum(text == "BEGIN" for text in statements)
    depth, alone = 0, 0
    for text in statements:
        depth += (text == "BEGIN") - (text in ("COMMIT", "ROLLBACK"))
        alone += not depth and text.split()[0] in ("INSERT", "UPDATE", "DELETE", "REPLACE")
    return transactions + alone

print(json.dumps({bucket: [writes(bucket, s3.put_object) for _ in range(3)] for bucket in ("plain", "versioned")}))
server.close()
"""


def test_a_put_writes_the_index_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _COUNTS, str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(result.stdout.splitlines()[-1]) == {"plain": [1, 1, 1], "versioned": [1, 1, 1]}
