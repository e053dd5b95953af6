"""Every other call that the new SDK has for what a sales product uses, with a static token."""

import secrets

import hubspot_sdk
from common_road import expect, refused

STANDARD = {"association_category": "HUBSPOT_DEFINED", "association_type_id": 341}
#: Types that are written and read alike: name of the resource, first values, changed values.
TYPES = (
    ("contacts", {"firstname": "Ana"}, {"firstname": "Eva"}),
    ("companies", {"name": "Pumps"}, {"name": "Valves"}),
    ("deals", {"dealname": "Pump"}, {"dealname": "Valve"}),
    ("tickets", {"subject": "Leak", "hs_pipeline_stage": "1"}, {"subject": "Flood"}),
    ("leads", {"hs_lead_name": "Ana"}, {"hs_lead_name": "Eva"}),
    ("products", {"name": "PX"}, {"name": "PY"}),
    ("line_items", {"name": "PX"}, {"name": "PY"}),
    ("quotes", {"hs_title": "One"}, {"hs_title": "Two"}),
    ("calls", {"hs_timestamp": "2026-01-05T10:00:00Z"}, {"hs_call_title": "Call"}),
    ("emails", {"hs_timestamp": "2026-01-05T10:00:00Z"}, {"hs_email_subject": "Hi"}),
    ("meetings", {"hs_timestamp": "2026-01-05T10:00:00Z"}, {"hs_meeting_title": "Meet"}),
    ("notes", {"hs_timestamp": "2026-01-05T10:00:00Z"}, {"hs_note_body": "Note"}),
    ("tasks", {"hs_timestamp": "2026-01-05T10:00:00Z"}, {"hs_task_subject": "Task"}),
    ("communications", {"hs_timestamp": "2026-01-05T10:00:00Z"},
     {"hs_communication_body": "Hello"}),
)


def one_by_one(api, first, changed):
    """Create, read, change, find and archive one record. Gives its id."""
    made = api.create(properties=first, associations=[])
    name, value = next(iter(changed.items()))
    updated = api.update(made.id, properties=changed)
    expect(updated.properties[name] == value, "the new value")
    expect(api.get(made.id, properties=[name]).properties[name] == value, "read again")
    found = api.search(
        filter_groups=[{"filters": [
            {"propertyName": "hs_object_id", "operator": "EQ", "value": made.id}]}],
        sorts=[], properties=[name], limit=10, after="0")
    expect([one.id for one in found.results] == [made.id], "found by id")
    expect(api.list(limit=5).results, "listed")
    api.delete(made.id)
    refused(lambda: api.get(made.id), 404)


def in_batches(api, first, changed):
    """Create, read, change, upsert and archive a batch of two."""
    made = api.batch.create(inputs=[{"properties": first, "associations": []}] * 2)
    ids = [one.id for one in made.results]
    expect(len(set(ids)) == 2, "two records")
    read = api.batch.get(
        inputs=[{"id": one} for one in ids], properties=list(changed), properties_with_history=[])
    expect({one.id for one in read.results} == set(ids), "both are read")
    done = api.batch.update(inputs=[{"id": one, "properties": changed} for one in ids])
    expect(len(done.results) == 2, "both are changed")
    again = api.batch.upsert(inputs=[{"id": one, "properties": changed} for one in ids])
    expect([one.new for one in again.results] == [False, False], "neither is new")
    api.batch.delete(inputs=[{"id": one} for one in ids])
    refused(lambda: api.get(ids[0]), 404)


def dated_calls(check, address):
    """All of them, grouped by what they are about."""
    base_url = address["base_url"]
    client = hubspot_sdk.HubSpot(access_token=address["token"], base_url=base_url, max_retries=0)
    crm = client.crm
    for name, first, changed in TYPES:
        api = getattr(crm.objects, name)
        check(f"dated: {name} one by one", lambda: one_by_one(api, first, changed))
        if hasattr(api.batch, "upsert"):
            check(f"dated: {name} in batches", lambda: in_batches(api, first, changed))

    def merges():
        for name in ("contacts", "companies", "deals", "tickets"):
            api = getattr(crm.objects, name)
            first = {"subject": "x", "hs_pipeline_stage": "1"} if name == "tickets" else {}
            two = [api.create(properties=first, associations=[]).id for _ in range(2)]
            one = api.merge(primary_object_id=two[0], object_id_to_merge=two[1])
            expect({api.get(old).id for old in two} == {one.id}, "both ids lead to the survivor")

    check("dated: merge contacts, companies, deals, tickets", merges)

    def privacy():
        email = f"{secrets.token_hex(6)}@sdk-check.test"
        made = crm.objects.contacts.create(properties={"email": email}, associations=[])
        upsert = [{"id": email, "idProperty": "email", "properties": {"firstname": "Ana"}}]
        done = crm.objects.contacts.batch.upsert(inputs=upsert)
        expect((done.results[0].id, done.results[0].new) == (made.id, False), "the same contact")
        crm.objects.contacts.gdpr_delete(object_id=email, id_property="email")
        refused(lambda: crm.objects.contacts.get(made.id), 404)
        refused(
            lambda: crm.objects.contacts.create(properties={"email": email}, associations=[]), 400)

    check("dated: upsert by address, then forget it", privacy)

    def pair():
        deal = crm.objects.deals.create(properties={"dealname": "SDK"}, associations=[]).id
        company = crm.objects.companies.create(properties={"name": "SDK"}, associations=[]).id
        return deal, company

    def linked(deal):
        page = crm.associations.list("companies", object_type="deals", object_id=deal)
        return {kind.type_id for one in page.results for kind in one.association_types}

    def association_batches():
        deal, company = pair()
        api = crm.associations.batch
        ends = {"from": {"id": deal}, "to": {"id": company}}
        made = api.create(
            "companies", from_object_type="deals", inputs=[{**ends, "types": [
                {"association_category": "HUBSPOT_DEFINED", "association_type_id": 5}]}])
        expect(made.results[0].labels == ["Primary"], "the label comes back")
        expect(linked(deal) == {5, 341}, "primary and plain")
        api.delete_labels("companies", from_object_type="deals", inputs=[{**ends, "types": [
            {"association_category": "HUBSPOT_DEFINED", "association_type_id": 5}]}])
        expect(linked(deal) == {341}, "plain")
        api.delete("companies", from_object_type="deals", inputs=[
            {"from": {"id": deal}, "to": [{"id": company}]}])
        expect(linked(deal) == set(), "none")
        api.create_default("companies", from_object_type="deals", inputs=[ends])
        expect(linked(deal) == {341}, "plain again")

    check("dated: associations in batches", association_batches)

    def association_single():
        deal, company = pair()
        crm.associations.update_labels(
            company, object_type="deals", object_id=deal, to_object_type="companies",
            body=[STANDARD])
        expect(linked(deal) == {341}, "associated")
        crm.associations.delete(
            company, object_type="deals", object_id=deal, to_object_type="companies")
        expect(linked(deal) == set(), "parted")

    check("dated: associations one by one", association_single)

    def labels():
        api = crm.associations_schema.labels
        made = api.create_label(
            "companies", from_object_type="deals", name="sdk_label", label="SDK label",
            inverse_label="SDK inverse")
        number = made.results[0].type_id
        api.update_label(
            "companies", from_object_type="deals", association_type_id=number, label="New label")
        names = [one.label for one in
                 api.list_labels("companies", from_object_type="deals").results]
        expect("New label" in names, "renamed")
        api.delete_label(number, from_object_type="deals", to_object_type="companies")

    check("dated: association labels", labels)

    def association_limits():
        schema = crm.associations_schema
        spec = {"category": "HUBSPOT_DEFINED", "type_id": 341, "max_to_object_ids": 7}
        schema.labels.batch_create("companies", from_object_type="deals", inputs=[spec])
        spec["max_to_object_ids"] = 9
        schema.limits.batch_update("companies", from_object_type="deals", inputs=[spec])
        for listed in (schema.limits.list(), schema.limits.get_by_object_types(
                "companies", from_object_type="deals")):
            expect(listed.results[0].user_enforced_max_to_object_ids == 9, "the new limit")
        schema.limits.batch_delete("companies", from_object_type="deals", inputs=[
            {"category": "HUBSPOT_DEFINED", "type_id": 341}])
        expect(not schema.limits.list().results, "no limit any more")
        user = next(iter(crm.owners.list())).user_id
        expect(crm.associations.request_high_usage_report(user).user_id == user, "a report")

    check("dated: association limits and report", association_limits)

    def definitions():
        groups = crm.properties.groups
        groups.create("contacts", name="sdk_group", label="SDK")
        groups.update("sdk_group", object_type="contacts", label="SDK group")
        expect(groups.get("sdk_group", object_type="contacts").label == "SDK group", "renamed")
        both = [{"name": name, "label": name, "type": "number", "fieldType": "number",
                 "groupName": "sdk_group"} for name in ("sdk_one", "sdk_two")]
        made = crm.properties.batch.create("contacts", inputs=both)
        expect(len(made.results) == 2, "two definitions")
        names = [{"name": one["name"]} for one in both]
        read = crm.properties.batch.get(
            "contacts", inputs=names, archived=False, data_sensitivity="non_sensitive")
        expect(len(read.results) == 2, "both are read")
        crm.properties.update("sdk_one", object_type="contacts", label="SDK one")
        rules = crm.properties_validations
        where = {"object_type_id": "0-1", "property_name": "sdk_one"}
        rules.update_by_object_type_id_property_name_and_rule_type(
            "MAX_NUMBER", **where, rule_arguments=["10"])
        one = rules.get_by_object_type_id_property_name_and_rule_type("MAX_NUMBER", **where)
        expect(one.rule_arguments == ["10"], "the rule")
        listed = rules.get_by_object_type_id_and_property_name(
            "sdk_one", object_type_id="0-1").results
        expect(listed[0].rule_type == "MAX_NUMBER", "the rules of one property")
        of_type = rules.get_by_object_type_id("0-1").results
        expect(of_type[0].property_name == "sdk_one", "the rules of a type")
        contact = crm.objects.contacts.create(properties={}, associations=[]).id
        refused(lambda: crm.objects.contacts.update(contact, properties={"sdk_one": "11"}), 400)
        crm.properties.batch.delete("contacts", inputs=names)
        archived = [one.name for one in crm.properties.list("contacts", archived=True).results]
        expect("sdk_one" in archived, "listed as archived")
        groups.delete("sdk_group", object_type="contacts")

    check("dated: groups, definitions in batches, validation rules", definitions)

    def pipelines():
        api = crm.pipelines
        where = {"object_type": "deals"}
        stage = {"label": "Asked", "displayOrder": 0, "metadata": {"probability": "0.4"}}
        made = api.create("deals", label="SDK", display_order=5, stages=[stage])
        api.update(made.id, **where, label="SDK pipeline")
        expect([one.action for one in api.list_audit(made.id, **where).results]
               == ["UPDATE", "CREATE"], "the audit")
        in_it = {"object_type": "deals", "pipeline_id": made.id}
        added = api.create_stage(made.id, **where, label="Waits", display_order=1,
                                 metadata={"probability": "0.5"})
        api.update_stage(added.id, **in_it, metadata={"probability": "0.6"})
        got = api.get_stage(added.id, **in_it)
        expect(got.metadata["probability"] == "0.6", "changed")
        api.update_stage_all_properties(added.id, **in_it, label="Waiting", display_order=0,
                                        metadata={"probability": "0.7"})
        expect(len(api.list_stage_audit(added.id, **in_it).results) == 3, "the stage's audit")
        expect(len(api.list_stages(made.id, **where).results) == 2, "two stages")
        api.delete_stage(added.id, **in_it)
        whole = api.update_all_properties(
            made.id, **where, label="SDK", display_order=0, stages=[stage])
        expect(whole.label == "SDK", "replaced")
        api.delete(made.id, **where, validate_references_before_delete=True)
        refused(lambda: api.get(made.id, **where), 404)

    check("dated: pipelines, stages, audits", pipelines)

    def schemas():
        api = crm.object_schemas
        made = api.create(
            name="sdk_site", labels={"singular": "Site", "plural": "Sites"},
            allows_sensitive_properties=False, associated_objects=["CONTACT"],
            properties=[{"name": "site_name", "label": "Name", "type": "string",
                         "fieldType": "text"}],
            required_properties=["site_name"], searchable_properties=["site_name"],
            secondary_display_properties=[], primary_display_property="site_name")
        kind = made.object_type_id
        api.update(kind, clear_description=False, labels={"singular": "Place", "plural": "Places"})
        expect(api.get(kind).labels.plural == "Places", "renamed")
        read = api.batch.get(
            inputs=[kind], include_association_definitions=True, include_audit_metadata=False,
            include_property_definitions=True)
        expect(read.results[0].object_type_id == kind, "read in a batch")
        link = api.create_association(kind, from_object_type_id=kind, to_object_type_id="0-5")
        api.delete_association(link.id, object_type=kind)
        records = crm.objects.custom
        one = records.create(kind, properties={"site_name": "Quay"}, associations=[])
        two = records.batch.create(
            kind, inputs=[{"properties": {"site_name": "Pier"}, "associations": []}]).results[0]
        records.update(one.id, object_type=kind, properties={"site_name": "Dock"})
        got = records.get(one.id, object_type=kind, properties=["site_name"])
        expect(got.properties["site_name"] == "Dock", "a record of the type")
        found = records.search(kind, filter_groups=[], sorts=[], properties=[], limit=10, after="0")
        expect(found.total == 2, "two records")
        records.batch.update(kind, inputs=[{"id": two.id, "properties": {"site_name": "Mole"}}])
        records.batch.upsert(kind, inputs=[{"id": two.id, "properties": {"site_name": "Mole"}}])
        read = records.batch.get(
            kind, inputs=[{"id": two.id}], properties=["site_name"], properties_with_history=[])
        expect(read.results[0].properties["site_name"] == "Mole", "written in batches")
        last = records.merge(kind, primary_object_id=one.id, object_id_to_merge=two.id)
        refused(lambda: api.delete(kind), 400)
        records.batch.delete(kind, inputs=[{"id": last.id}])
        three = records.create(kind, properties={"site_name": "Lock"}, associations=[])
        records.delete(three.id, object_type=kind)
        api.delete(kind)

    check("dated: a custom object's definition and records", schemas)

    def limits():
        api = crm.limits
        expect(api.get_custom_object_type_limits().limit == 10, "custom object types")
        expect(api.get_record_limits().hubspot_defined_object_types, "records")
        expect(api.get_pipeline_limits().hubspot_defined_object_types, "pipelines")
        expect(api.get_calculated_property_limits().overall_limit > 0, "calculated properties")
        labels = api.get_association_label_limits(from_object_type_id="0-3", to_object_type_id="0-1")
        expect("Champion" in labels.results[0].all_labels, "labels")
        api.get_association_records_limits_from_objects()
        api.get_association_records_limits_to_objects("0-3")
        api.get_association_records_limits_by_object_type("0-1", from_object_type_id="0-3")

    check("dated: every limit", limits)

    def lists():
        api = crm.lists
        made = api.create(name="SDK list", object_type_id="0-1", processing_type="MANUAL")
        number = made.list["listId"]
        contacts = [one.id for one in crm.objects.contacts.list(limit=3).results]
        api.add_memberships(number, body=contacts)
        api.remove_memberships(number, body=contacts[:1])
        left = [one.record_id for one in api.list_memberships(number).results]
        expect(left == contacts[1:], "two members")
        found = api.list_by_search(list_ids=[], offset=0, processing_types=[], query="sdk")
        expect([one.list_id for one in found.lists] == [number], "found")
        expect(api.get(number).list["name"] == "SDK list", "read by id")
        named = api.get_by_object_type_and_name("SDK list", object_type_id="0-1")
        expect(named.list.list_id == number, "read by name")
        expect(len(api.list(list_ids=[number]).lists) == 1, "read by ids")
        address_of = lambda contact: crm.objects.contacts.get(
            contact, properties=["email"]).properties["email"]
        branch = {"filterBranchType": "OR", "filterBranchOperator": "OR", "filters": [],
                  "filterBranches": [{
                      "filterBranchType": "AND", "filterBranchOperator": "AND",
                      "filterBranches": [], "filters": [{
                          "filterType": "PROPERTY", "property": "email", "operation": {
                              "operationType": "MULTISTRING", "operator": "IS_EQUAL_TO",
                              "values": [address_of(contacts[2])],
                              "includeObjectsWithNoValueSet": False}}]}]}
        filtered = api.create(name="SDK filtered", object_type_id="0-1",
                              processing_type="DYNAMIC", filter_branch=branch).list.list_id
        passing = [one.record_id for one in api.list_memberships(filtered).results]
        expect(passing == contacts[2:], "who passes the filters")
        branch["filterBranches"][0]["filters"][0]["operation"]["values"] = [
            address_of(contacts[1])]
        api.update_list_filters(filtered, filter_branch=branch)
        passing = [one.record_id for one in api.list_memberships(filtered).results]
        expect(passing == contacts[1:2], "who passes the new filters")
        api.update_list_name(filtered, list_name="SDK renamed")
        whole = api.get(filtered, include_filters=True).list
        expect(whole.name == "SDK renamed" and whole.filter_branch, "with its filters")
        api.delete(filtered)
        of = api.get_record_memberships(contacts[1], object_type_id="0-1").results
        expect(of[0].list_id == number, "the lists of a record")
        api.get_memberships_join_order(number)
        api.delete(number)
        refused(lambda: api.get(number), 404)

    check("dated: lists and memberships", lists)

    def account():
        expect(client.account.get().company_currency == "EUR", "the account")
        usage = client.account.get_daily_private_apps_usage().results[0]
        expect(usage.usage_limit == 1_000_000 and usage.current_usage > 0, "calls of the day")

    check("dated: account and usage", account)
