"""dlt's verified HubSpot source against the simulator: the peer of `cargo xtask bench`.

    peer.py SOURCES < the line that `plumbline sim serve` printed

SOURCES is the folder `sources` of a checkout of dlt-hub/verified-sources. Prints a figure a line.
The pipeline's own files and the database lie in the current folder.
"""

import json
import os
import resource
import sys
import time
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlsplit

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
os.environ["RUNTIME__LOG_LEVEL"] = "ERROR"


# The link to a next page names the type by its number, and HubSpot's own host.
HUBSPOT = "https://api.hubapi.com/"
NAMES = {"0-1": "contacts", "0-2": "companies", "0-3": "deals"}


def towards(base: str, get):
    """`get`, with HubSpot's host replaced, and every page asked for like the first of its type."""
    first = {}

    def redirected(url, headers=None, params=None):
        parts = urlsplit(url)
        last = parts.path.rstrip("/").rsplit("/", 1)[-1]
        if not url.startswith(HUBSPOT):
            first[last] = (url, dict(params or {}))
        elif NAMES.get(last) in first:
            url, asked = first[NAMES[last]]
            params = {**asked, **dict(parse_qsl(parts.query))}
        else:
            url = base + url.removeprefix(HUBSPOT)
        return get(url, headers=headers, params=params)

    return redirected


def main() -> None:
    sources = sys.argv[1]
    address = json.loads(sys.stdin.readline())
    sys.path.insert(0, sources)

    import dlt
    import duckdb
    from hubspot import helpers, hubspot

    # The source asks one address, a variable of one module, and follows links.
    base = address["base_url"].rstrip("/") + "/"
    helpers.BASE_URL = base
    helpers.requests = SimpleNamespace(get=towards(base, helpers.requests.get))
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
