#!/usr/bin/env python3
"""Drives HubSpot's own SDKs, unmodified, against a running simulator.

Usage: run_sdks.py ADDRESS.json

ADDRESS.json is the line that the simulator prints at its start: base_url, client_id, client_secret,
token, control_url. Every check prints its name; the last line is "N passed, M failed", and the
program ends with 1 when anything failed. Tokens and records' values are never printed.
"""

import base64
import hashlib
import html.parser
import json
import secrets
import sys
import traceback
import urllib.error
import urllib.parse
import urllib.request

import hubspot
import hubspot_sdk
from hubspot.utils.oauth import get_auth_url

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


def dated_sdk(check, address):
    """The new SDK: date-versioned paths, JSON token calls."""
    base_url = address["base_url"]
    app = {"client_id": address["client_id"], "client_secret": address["client_secret"]}
    anonymous = hubspot_sdk.HubSpot(access_token="none", base_url=base_url, max_retries=0)
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())

    def consent():
        state = secrets.token_urlsafe(12)
        url = get_auth_url(app["client_id"], REDIRECT, SCOPES, state=state)
        url += "&code_challenge_method=S256&code_challenge=" + challenge.decode().rstrip("=")
        return authorization_code(base_url, url, state)

    def exchange():
        tokens = anonymous.auth.oauth.create_token(
            grant_type="authorization_code",
            code=consent(),
            redirect_uri=REDIRECT,
            code_verifier=verifier,
            **app,
        )
        expect(tokens.expires_in == 1800, "tokens live half an hour")
        expect(tokens.access_token and tokens.refresh_token, "both tokens")
        return tokens

    tokens = check("dated: authorize, exchange the code with PKCE", exchange)

    def wrong_verifier():
        call = lambda: anonymous.auth.oauth.create_token(
            grant_type="authorization_code",
            code=consent(),
            redirect_uri=REDIRECT,
            code_verifier="wrong" * 10,
            **app,
        )
        error = refused(call, 400)
        expect(error.body["status"] == "BAD_CODE_VERIFIER", "the status says why")

    check("dated: a wrong PKCE verifier is refused", wrong_verifier)

    def refresh():
        again = anonymous.auth.oauth.create_token(
            grant_type="refresh_token", refresh_token=tokens.refresh_token, **app
        )
        expect(again.refresh_token == tokens.refresh_token, "the refresh token stays")
        expect(again.access_token != tokens.access_token, "the access token is new")
        return again

    fresh = check("dated: refresh", refresh)

    def introspect():
        info = anonymous.auth.oauth.introspect_token(
            token=fresh.access_token, token_type_hint="access_token", **app
        )
        expect(info.active is True, "the token is active")
        dead = anonymous.auth.oauth.introspect_token(
            token="never-issued", token_type_hint="access_token", **app
        )
        expect(dead.active is False, "an unknown token is not")

    check("dated: introspect", introspect)
    client = hubspot_sdk.HubSpot(access_token=fresh.access_token, base_url=base_url, max_retries=0)

    def account():
        details = client.get("/account-info/2026-09/details", cast_to=object)
        expect(details["companyCurrency"] == "EUR", "the home currency")
        return details["portalId"]

    check("dated: account details", account)
    check("dated: a token that was never issued is 401",
          lambda: refused(lambda: anonymous.crm.objects.deals.list(), 401))

    def list_deals():
        page = client.crm.objects.deals.list(limit=100, properties=["dealname", "dealstage"])
        ids = [deal.id for deal in page.results]
        expect(len(ids) == 100 and len(set(ids)) == 100, "a full page")
        following = page.get_next_page()
        expect(not set(ids) & {deal.id for deal in following.results}, "pages do not overlap")
        return ids

    deals = check("dated: list deals, two pages", list_deals)

    def history():
        page = client.crm.objects.deals.list(limit=50, properties_with_history=["dealstage"])
        versions = page.results[0].properties_with_history["dealstage"]
        times = [version.timestamp for version in versions]
        expect(times == sorted(times, reverse=True) and len(times) >= 1, "newest first")
        refused(
            lambda: client.crm.objects.deals.list(limit=51, properties_with_history=["dealstage"]), 400
        )

    check("dated: property history, fifty at most", history)

    def iterate_all():
        companies = [company.id for company in client.crm.objects.companies.list(limit=100)]
        expect(len(companies) == len(set(companies)), "no company twice")
        expect([int(i) for i in companies] == sorted(int(i) for i in companies), "in order of id")
        return companies

    companies = check("dated: iterate all companies", iterate_all)

    def get_deal():
        deal = client.crm.objects.deals.get(deals[0], properties=["amount"], associations=["companies"])
        expect(deal.id == deals[0], "the deal that was asked for")
        refused(lambda: client.crm.objects.deals.get("1"), 404)

    check("dated: read one deal, miss another", get_deal)

    def search():
        found = client.crm.objects.deals.search(
            filter_groups=[{"filters": [
                {"propertyName": "hs_is_closed_won", "operator": "EQ", "value": "true"}]}],
            sorts=["-closedate"], properties=["closedate", "hs_is_closed_won"], limit=200, after="0",
        )
        expect(found.total > 500, "many deals are won")
        expect(all(deal.properties["hs_is_closed_won"] == "true" for deal in found.results), "only won")
        dates = [deal.properties["closedate"] for deal in found.results]
        expect(dates == sorted(dates, reverse=True), "sorted")

    check("dated: search with filter and sort", search)

    def beyond():
        call = lambda: client.crm.objects.contacts.search(
            filter_groups=[], sorts=[], properties=[], limit=100, after="9901")
        refused(call, 400)

    check("dated: search refuses to page past 10,000", beyond)

    def batch_read():
        batch = client.crm.objects.deals.batch.get(
            inputs=[{"id": deals[0]}, {"id": deals[1]}, {"id": "1"}],
            properties=["dealname"], properties_with_history=[],
        )
        expect({deal.id for deal in batch.results} == set(deals[:2]), "both deals")
        expect(batch.to_dict()["numErrors"] == 1, "the missing one is an error")

    check("dated: batch read with a missing id (207)", batch_read)

    def group():
        created = client.crm.properties.groups.create("deals", name="sdk_check", label="SDK check")
        expect(created.name == "sdk_check", "the group's name")
        refused(
            lambda: client.crm.properties.groups.create("deals", name="sdk_check", label="again"), 409)
        names = [one.name for one in client.crm.properties.groups.list("deals").results]
        expect("sdk_check" in names, "the group is listed")

    check("dated: create a property group, once", group)

    def create_property():
        new = {"name": "sdk_score", "label": "SDK score", "type": "number", "field_type": "number",
               "group_name": "sdk_check"}
        created = client.crm.properties.create("deals", **new)
        expect(created.type == "number" and created.archived is False, "the definition comes back")
        refused(lambda: client.crm.properties.create("deals", **new), 409)

    check("dated: create a property, once", create_property)

    def list_properties():
        listed = client.crm.properties.list("deals").results
        by_name = {one.name: one for one in listed}
        expect(by_name["sdk_score"].field_type == "number", "the new one")
        expect(by_name["dealstage"].hubspot_defined is True, "a standard one")
        one = client.crm.properties.get("sdk_score", object_type="deals")
        expect(one.label == "SDK score", "read by name")

    check("dated: list and read properties", list_properties)

    def batch_update():
        inputs = [{"id": deal, "properties": {"sdk_score": "0.25"}} for deal in deals]
        done = client.crm.objects.deals.batch.update(inputs=inputs)
        expect(len(done.results) == 100, "all hundred")
        expect(all(deal.properties["sdk_score"] == "0.25" for deal in done.results), "the new value")

    check("dated: batch update a hundred deals", batch_update)

    def bad_updates():
        update = client.crm.objects.deals.batch.update
        one = {"id": deals[0], "properties": {"sdk_score": "1"}}
        refused(lambda: update(inputs=[one, one]), 400)
        refused(lambda: update(inputs=[{"id": deals[0], "properties": {"no_such_property": "1"}}]), 400)
        refused(lambda: update(inputs=[{"id": deals[0], "properties": {"sdk_score": "many"}}]), 400)

    check("dated: duplicate ids, unknown property, bad number are 400", bad_updates)

    def clear():
        client.crm.objects.deals.update(deals[0], properties={"sdk_score": ""})
        deal = client.crm.objects.deals.get(deals[0], properties=["sdk_score"])
        expect(deal.properties["sdk_score"] == "", "cleared is an empty text")

    check("dated: an empty text clears", clear)

    def associations():
        batch = client.crm.associations.batch.get(
            "contacts", from_object_type="deals", inputs=[{"id": deal} for deal in deals])
        with_contacts = [one for one in batch.results if one.to]
        expect(len(with_contacts) > 50, "most deals have contacts")
        types = {kind.type_id for one in with_contacts for to in one.to for kind in to.association_types}
        expect(3 in types and 36 in types, "the standard type and the label")
        return with_contacts[0]

    linked = check("dated: associations batch read", associations)

    def association_list():
        page = client.crm.associations.list("contacts", object_type="deals", object_id=linked.from_.id)
        expect({one.to_object_id for one in page.results} == {one.to_object_id for one in linked.to},
               "the same contacts one by one")
        labels = client.crm.associations_schema.labels.list_labels("contacts", from_object_type="deals")
        expect("Decision maker" in [label.label for label in labels.results], "the portal's label")

    check("dated: associations of one record, labels", association_list)

    def pipelines():
        listed = client.crm.pipelines.list("deals").results
        expect(len(listed) == 2, "two pipelines")
        closed = [stage for stage in listed[0].stages if stage.metadata["isClosed"] == "true"]
        expect(len(closed) == 2, "won and lost")
        one = client.crm.pipelines.get(listed[1].id, object_type="deals")
        expect(one.label == listed[1].label, "read by id")

    check("dated: pipelines", pipelines)

    def owners():
        live = list(client.crm.owners.list(limit=5))
        gone = list(client.crm.owners.list(archived=True))
        expect(len(live) == 11 and len(gone) == 1, "eleven are here, one has left")
        expect(client.crm.owners.get(int(live[0].id)).id == live[0].id, "read by id")

    check("dated: owners, paged and archived", owners)

    def create_contact():
        email = f"{secrets.token_hex(6)}@sdk-check.test"
        made = client.crm.objects.contacts.create(
            properties={"email": email, "firstname": "=1+1"}, associations=[])
        refused(
            lambda: client.crm.objects.contacts.create(properties={"email": email}, associations=[]), 409)
        client.crm.associations.create(
            companies[0], from_object_type="contacts", from_object_id=made.id,
            to_object_type="companies")
        page = client.crm.associations.list("companies", object_type="contacts", object_id=made.id)
        expect([one.to_object_id for one in page.results] == [companies[0]], "associated")
        client.crm.objects.contacts.delete(made.id)
        refused(lambda: client.crm.objects.contacts.get(made.id), 404)
        archived = client.crm.objects.contacts.get(made.id, archived=True)
        expect(archived.archived is True, "in the recycle bin")

    # This token may write contacts, but not read owners' mail or custom objects.
    check("dated: create, associate and archive a contact", create_contact)
    check("dated: custom objects need a scope that was not asked for (403)",
          lambda: refused(lambda: client.crm.object_schemas.list(), 403))

    static = hubspot_sdk.HubSpot(access_token=address["token"], base_url=base_url, max_retries=0)

    def custom():
        schema = static.crm.object_schemas.list().results[0]
        machines = static.crm.objects.custom.list(schema.object_type_id, limit=100)
        expect(len(machines.results) == 100, "a page of machines")

    check("dated: custom schemas and records with a static token", custom)

    def activities():
        for kind in ("calls", "emails", "meetings", "notes", "tasks"):
            page = getattr(static.crm.objects, kind).list(limit=20, properties=["hs_timestamp"])
            expect(len(page.results) == 20, kind)

    check("dated: the five kinds of activities", activities)

    def limits():
        usage = static.crm.limits.get_custom_property_limits()
        expect(usage.to_dict()["overallLimit"] == 10_000, "the plan's limit")

    check("dated: limits", limits)

    def archive_property():
        client.crm.properties.delete("sdk_score", object_type="deals")
        names = [one.name for one in client.crm.properties.list("deals").results]
        expect("sdk_score" not in names, "gone from the list")
        client.crm.properties.groups.delete("sdk_check", object_type="deals")

    check("dated: archive property and group", archive_property)

    def revoke():
        anonymous.auth.oauth.revoke_token(
            token=tokens.refresh_token, token_type_hint="refresh_token", **app)
        call = lambda: anonymous.auth.oauth.create_token(
            grant_type="refresh_token", refresh_token=tokens.refresh_token, **app)
        expect(refused(call, 400).body["error"] == "invalid_grant", "revoked")
        expect(client.crm.owners.list(limit=1).results, "access tokens live on")

    check("dated: revoke", revoke)


def legacy_sdk(check, address):
    """The classic SDK: v1, v3 and v4 paths, form token calls, capital booleans."""
    base_url = address["base_url"]
    app = {"client_id": address["client_id"], "client_secret": address["client_secret"]}
    anonymous = hubspot.Client.create(host=base_url)

    def exchange():
        state = secrets.token_urlsafe(12)
        code = authorization_code(
            base_url, get_auth_url(app["client_id"], REDIRECT, SCOPES, state=state), state)
        again = lambda: anonymous.oauth.tokens_api.create(
            grant_type="authorization_code", code=code, redirect_uri=REDIRECT, **app)
        tokens = again()
        expect(tokens.expires_in == 1800, "tokens live half an hour")
        refused(again, 400)
        return tokens

    tokens = check("legacy: authorize, exchange the code, once", exchange)

    def refresh():
        return anonymous.oauth.tokens_api.create(
            grant_type="refresh_token", refresh_token=tokens.refresh_token, **app)

    fresh = check("legacy: refresh", refresh)

    def details():
        info = anonymous.oauth.access_tokens_api.get(fresh.access_token)
        expect("crm.objects.deals.read" in info.scopes, "the scopes")
        info = anonymous.oauth.refresh_tokens_api.get(tokens.refresh_token)
        expect(info.client_id == app["client_id"], "the app")

    check("legacy: token details", details)
    client = hubspot.Client.create(access_token=fresh.access_token, host=base_url)

    def list_deals():
        page = client.crm.deals.basic_api.get_page(limit=10, archived=False)
        expect(len(page.results) == 10 and page.paging.next.after, "a page with more to come")
        after = client.crm.deals.basic_api.get_page(limit=10, after=page.paging.next.after)
        expect(page.results[-1].id != after.results[0].id, "the next page is another")
        return [deal.id for deal in page.results]

    deals = check("legacy: list deals", list_deals)
    check("legacy: archived=True lists archived deals alone", lambda: expect(
        all(deal.archived for deal in client.crm.deals.basic_api.get_page(archived=True).results)
        and client.crm.deals.basic_api.get_page(archived=True).results, "the bin is not empty"))

    def all_companies():
        everything = client.crm.companies.get_all()
        expect(len({one.id for one in everything}) == len(everything), "no company twice")
        return len(everything)

    check("legacy: get_all companies", all_companies)

    def search():
        from hubspot.crm.contacts import PublicObjectSearchRequest
        request = PublicObjectSearchRequest(
            filter_groups=[{"filters": [
                {"propertyName": "hs_object_id", "operator": "GT", "value": "99990"}]}],
            sorts=[{"propertyName": "hs_object_id", "direction": "ASCENDING"}], limit=20)
        found = client.crm.contacts.search_api.do_search(public_object_search_request=request)
        ids = [int(contact.id) for contact in found.results]
        expect(ids == sorted(ids) and ids[0] > 99990 and ids[-1] > 100000, "ids compare as numbers")

    check("legacy: search by id", search)

    def batch_read():
        from hubspot.crm.deals import BatchReadInputSimplePublicObjectId
        read = client.crm.deals.batch_api.read(
            batch_read_input_simple_public_object_id=BatchReadInputSimplePublicObjectId(
                inputs=[{"id": deal} for deal in deals], properties=["dealname"],
                properties_with_history=["dealstage"]))
        expect(len(read.results) == len(deals), "all of them")
        expect(read.results[0].properties_with_history["dealstage"], "with history")

    check("legacy: batch read with history", batch_read)

    def batch_update():
        from hubspot.crm.deals import BatchInputSimplePublicObjectBatchInput
        inputs = [{"id": deal, "properties": {"hs_next_step": "=cmd()"}} for deal in deals]
        done = client.crm.deals.batch_api.update(
            batch_input_simple_public_object_batch_input=BatchInputSimplePublicObjectBatchInput(
                inputs=inputs))
        expect(done.status == "COMPLETE" and len(done.results) == len(deals), "all of them")

    check("legacy: batch update", batch_update)

    def create():
        from hubspot.crm.deals import SimplePublicObjectInputForCreate
        made = client.crm.deals.basic_api.create(
            simple_public_object_input_for_create=SimplePublicObjectInputForCreate(
                properties={"dealname": "SDK", "dealstage": "contractsent", "pipeline": "default",
                            "amount": "1200.50"}, associations=[]))
        read = client.crm.deals.basic_api.get_by_id(made.id, properties=["hs_is_closed", "amount"])
        expect(read.properties["amount"] == "1200.5" and read.properties["hs_is_closed"] == "false",
               "what was written, and what follows from it")
        client.crm.deals.basic_api.archive(made.id)

    check("legacy: create, read, archive a deal", create)

    def properties():
        from hubspot.crm.properties import PropertyCreate, PropertyGroupCreate, PropertyUpdate
        client.crm.properties.groups_api.create(
            "deals", property_group_create=PropertyGroupCreate(name="legacy_check", label="Legacy"))
        client.crm.properties.core_api.create("deals", property_create=PropertyCreate(
            name="legacy_band", label="Band", type="enumeration", field_type="select",
            group_name="legacy_check",
            options=[{"label": "A", "value": "a", "displayOrder": 0, "hidden": False}]))
        client.crm.properties.core_api.update(
            "deals", "legacy_band", property_update=PropertyUpdate(label="Band (new)"))
        read = client.crm.properties.core_api.get_by_name("deals", "legacy_band")
        expect(read.label == "Band (new)" and read.options[0].value == "a", "changed")
        client.crm.properties.core_api.archive("deals", "legacy_band")
        refused(lambda: client.crm.properties.core_api.get_by_name("deals", "legacy_band"), 404)

    check("legacy: group and property: create, change, read, archive", properties)

    def pipelines():
        listed = client.crm.pipelines.pipelines_api.get_all("deals").results
        stages = client.crm.pipelines.pipeline_stages_api.get_all("deals", listed[0].id).results
        expect([stage.id for stage in stages] == [stage.id for stage in listed[0].stages], "stages")

    check("legacy: pipelines and stages", pipelines)

    def owners():
        page = client.crm.owners.owners_api.get_page(limit=100, archived=False)
        expect(len(page.results) == 11, "eleven owners")
        one = client.crm.owners.owners_api.get_by_id(page.results[0].id, id_property="id")
        expect(one.email == page.results[0].email, "read by id")

    check("legacy: owners", owners)

    def associations():
        from hubspot.crm.associations.v4 import BatchInputPublicFetchAssociationsBatchRequest
        batch = client.crm.associations.v4.batch_api.get_page(
            "deals", "companies",
            batch_input_public_fetch_associations_batch_request=
            BatchInputPublicFetchAssociationsBatchRequest(inputs=[{"id": deal} for deal in deals]))
        expect(len(batch.results) == len(deals), "every deal has a company")
        types = {kind.type_id for kind in batch.results[0].to[0].association_types}
        expect(types == {5, 341}, "primary and plain")
        page = client.crm.associations.v4.basic_api.get_page("deals", deals[0], "companies")
        expect(len(page.results) == 1, "one company")

    check("legacy: v4 associations", associations)

    def raw():
        # The SDK's raw call goes to HubSpot's own host unless it is told another.
        answer = client.api_request({"path": "/account-info/v3/details", "base_url": base_url})
        expect(answer.json()["timeZone"] == "Europe/Berlin", "the zone")
        expect(int(answer.headers["X-HubSpot-RateLimit-Max"]) == 110, "an OAuth app's limit")
        expect("X-HubSpot-RateLimit-Daily" not in answer.headers, "no daily limit for OAuth")

    check("legacy: raw call, rate limit headers", raw)

    def expiry():
        control(address, "expire")
        error = refused(lambda: client.crm.deals.basic_api.get_page(limit=1), 401)
        expect(json.loads(error.body)["category"] == "EXPIRED_AUTHENTICATION", "the category")

    check("legacy: an expired token is 401", expiry)


def control(address, verb, body=None):
    """A call to the simulator's control address; HubSpot has nothing like it."""
    request = urllib.request.Request(
        f"{address['control_url']}/{verb}", data=json.dumps(body or {}).encode(), method="POST")
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        address = json.loads(file.readline())
    # Two SDKs side by side would spend most of their time waiting for the search limit.
    control(address, "limits", {"search": 1000})
    check = Checks()
    dated_sdk(check, address)
    legacy_sdk(check, address)
    print(f"{check.passed} passed, {check.failed} failed")
    return 1 if check.failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: run_sdks.py ADDRESS.json")
    sys.exit(main())
