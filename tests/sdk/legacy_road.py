"""The classic SDK on the same road: v1, v3 and v4 paths, form token calls, capital booleans."""

import json
import secrets

import hubspot
from common_road import REDIRECT, SCOPES, authorization_code, control, expect, refused
from hubspot.utils.oauth import get_auth_url


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
