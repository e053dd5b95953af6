"""What the checks of both SDKs share: consent, refusals, counting."""

import collections
import html.parser
import json
import re
import sys
import traceback
import urllib.error
import urllib.parse
import urllib.request

#: What these checks name by themselves, as a part of a path.
OWN_NAMES = re.compile(r"/(?:(?:sdk|legacy|SDK)[_ ][a-z]+|[^/]+@[^/]+|2-[0-9]+)")
REDIRECT = "http://localhost:17431/oauth/callback"
SCOPES = (
    "oauth",
    "crm.objects.contacts.read",
    "crm.objects.contacts.write",
    "crm.objects.companies.read",
    "crm.objects.deals.read",
    "crm.objects.deals.write",
    "crm.objects.owners.read",
    "crm.schemas.deals.read",
    "crm.schemas.deals.write",
    "crm.schemas.contacts.read",
)


class Allow(html.parser.HTMLParser):
    """Finds the consent page's link, as a person's click would."""

    href = None

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "a" and found.get("id") == "allow":
            self.href = found["href"]


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Nothing listens behind the redirect here: its address is the answer."""

    def redirect_request(self, *_):
        return None


def authorization_code(base_url, authorize_url, state):
    """Follows the consent page and gives back the code."""
    query = urllib.parse.urlsplit(authorize_url).query
    with urllib.request.urlopen(f"{base_url}/oauth/authorize?{query}") as page:
        consent = Allow()
        consent.feed(page.read().decode())
    opener = urllib.request.build_opener(NoRedirect)
    try:
        opener.open(urllib.parse.urljoin(base_url, consent.href))
    except urllib.error.HTTPError as answer:
        location = urllib.parse.urlsplit(answer.headers["Location"])
    assert location.geturl().startswith(REDIRECT + "?"), "redirected elsewhere"
    returned = dict(urllib.parse.parse_qsl(location.query))
    assert returned["state"] == state, "the state came back changed"
    return returned["code"]


class Checks:
    """Runs checks one after another and counts."""

    def __init__(self):
        self.passed = 0
        self.failed = 0
        self.kept = {}

    def __call__(self, name, check):
        try:
            result = check()
        except Exception:
            self.failed += 1
            print(f"FAILED  {name}")
            # Frames only: an exception's text could quote a token.
            for frame in traceback.extract_tb(sys.exc_info()[2])[-3:]:
                print(f"          {frame.filename}:{frame.lineno} {frame.name}")
            print(f"          {sys.exc_info()[0].__name__}")
            return None
        self.passed += 1
        print(f"passed  {name}")
        return result


def expect(condition, what):
    """An assertion that python -O cannot remove."""
    if not condition:
        raise AssertionError(what)


def refused(call, status):
    """The call fails with this status, in either SDK's exception."""
    try:
        call()
    except Exception as error:
        got = getattr(error, "status_code", None) or getattr(error, "status", None)
        expect(got == status, f"expected {status}")
        return error
    raise AssertionError(f"expected {status}")


def control(address, verb, body=None):
    """A call to the simulator's control address; HubSpot has nothing like it."""
    request = urllib.request.Request(
        f"{address['control_url']}/{verb}", data=json.dumps(body or {}).encode(), method="POST")
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def calls(address):
    """How often each call was made, by method and path without ids and without our own names."""
    with urllib.request.urlopen(f"{address['control_url']}/requests") as answer:
        made = json.load(answer)
    counted = collections.Counter()
    for call, count in made.items():
        counted[OWN_NAMES.sub("/{}", call)] += count
    return counted
