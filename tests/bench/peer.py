"""dlt's verified HubSpot source, unchanged, against the simulator: the peer of `cargo xtask bench`.

    peer.py SOURCES < the line that `plumbline sim serve` printed

SOURCES is the folder `sources` of a checkout of dlt-hub/verified-sources. Prints a figure a line.
The pipeline's own files and the database lie in the current folder.
"""

import json
import os
import resource
import sys
import time

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
os.environ["RUNTIME__LOG_LEVEL"] = "ERROR"


def main() -> None:
    sources = sys.argv[1]
    address = json.loads(sys.stdin.readline())
    sys.path.insert(0, sources)

    import dlt
    import duckdb
    from hubspot import helpers, hubspot

    # The source asks one address, and that is a variable of one module.
    helpers.BASE_URL = address["base_url"].rstrip("/") + "/"
    folder = os.getcwd()
    database = os.path.join(folder, "peer.duckdb")
    tables = ("companies", "contacts", "deals")
    pipeline = dlt.pipeline(
        pipeline_name="peer",
        destination=dlt.destinations.duckdb(database),
        dataset_name="hubspot",
        pipelines_dir=os.path.join(folder, "pipelines"),
    )
    source = hubspot(api_key=address["token"]).with_resources(*tables)
    started = time.monotonic()
    pipeline.run(source)
    seconds = time.monotonic() - started
    connection = duckdb.connect(database, read_only=True)
    counted = [
        connection.execute(f"select count(*) from hubspot.{table}").fetchone()[0]
        for table in tables
    ]
    print("records", sum(counted))
    print("seconds", round(seconds, 3))
    print("peak_mib", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


main()
