"""The new SDK on the road that the app itself takes: date-versioned paths, JSON token calls."""

import base64
import hashlib
import secrets

import hubspot_sdk
from common_road import REDIRECT, SCOPES, authorization_code, expect, refused
from hubspot.utils.oauth import get_auth_url


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
