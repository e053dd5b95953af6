"""Every other call that the classic SDK has for what a sales product uses, with a static token."""

import secrets

import hubspot
from common_road import control, expect, refused

#: Object types with what a new record needs, and what is changed.
TYPES = (
    ("contacts", {"firstname": "Ana"}, {"firstname": "Eva"}),
    ("companies", {"name": "Pumps"}, {"name": "Valves"}),
    ("deals", {"dealname": "Pump"}, {"dealname": "Valve"}),
    ("tickets", {"subject": "Leak", "hs_pipeline_stage": "1"}, {"subject": "Flood"}),
    ("products", {"name": "PX"}, {"name": "PY"}),
    ("line_items", {"name": "PX"}, {"name": "PY"}),
    ("quotes", {"hs_title": "One"}, {"hs_title": "Two"}),
    ("objects.calls", {"hs_timestamp": "2026-01-05T10:00:00Z"}, {"hs_call_title": "Call"}),
    ("objects.emails", {"hs_timestamp": "2026-01-05T10:00:00Z"}, {"hs_email_subject": "Hi"}),
    ("objects.meetings", {"hs_timestamp": "2026-01-05T10:00:00Z"}, {"hs_meeting_title": "Meet"}),
    ("objects.notes", {"hs_timestamp": "2026-01-05T10:00:00Z"}, {"hs_note_body": "Note"}),
    ("objects.tasks", {"hs_timestamp": "2026-01-05T10:00:00Z"}, {"hs_task_subject": "Task"}),
    ("objects.communications", {"hs_timestamp": "2026-01-05T10:00:00Z"},
     {"hs_communication_body": "Hello"}),
    ("objects.leads", {"hs_lead_name": "Ana"}, {"hs_lead_name": "Eva"}),
)


def at(root, dotted):
    """The part of a client that a dotted name means."""
    for part in dotted.split("."):
        root = getattr(root, part)
    return root


def one_by_one(api, first, changed):
    """Create, change, read, list, find and archive one record."""
    made = api.basic_api.create({"properties": first, "associations": []})
    name, value = next(iter(changed.items()))
    api.basic_api.update(made.id, {"properties": changed})
    read = api.basic_api.get_by_id(made.id, properties=[name])
    expect(read.properties[name] == value, "the new value")
    expect(api.basic_api.get_page(limit=5, archived=False).results, "a page")
    found = api.search_api.do_search({"filterGroups": [{"filters": [
        {"propertyName": "hs_object_id", "operator": "EQ", "value": made.id}]}]})
    expect(found.total == 1, "found by id")
    api.basic_api.archive(made.id)
    refused(lambda: api.basic_api.get_by_id(made.id), 404)


def in_batches(api, first, changed):
    """Create, read, change, upsert and archive a batch of two."""
    made = api.batch_api.create({"inputs": [{"properties": first, "associations": []}] * 2})
    ids = [one.id for one in made.results]
    read = api.batch_api.read({"inputs": [{"id": one} for one in ids], "properties": list(changed),
                               "propertiesWithHistory": []})
    expect(len(read.results) == 2, "both are read")
    inputs = {"inputs": [{"id": one, "properties": changed} for one in ids]}
    expect(len(api.batch_api.update(inputs).results) == 2, "both are changed")
    if hasattr(api.batch_api, "upsert"):
        again = api.batch_api.upsert(inputs)
        expect([one.new for one in again.results] == [False, False], "neither is new")
    api.batch_api.archive({"inputs": [{"id": one} for one in ids]})
    refused(lambda: api.basic_api.get_by_id(ids[0]), 404)


def legacy_calls(check, address):
    """All of them, grouped by what they are about."""
    client = hubspot.Client.create(access_token=address["token"], host=address["base_url"])
    crm = client.crm
    for name, first, changed in TYPES:
        api = at(crm, name)
        check(f"legacy: {name} one by one", lambda: one_by_one(api, first, changed))
        check(f"legacy: {name} in batches", lambda: in_batches(api, first, changed))

    def merges():
        for name in ("contacts", "companies", "deals", "tickets"):
            api = getattr(crm, name)
            first = {"subject": "x", "hs_pipeline_stage": "1"} if name == "tickets" else {}
            two = [api.basic_api.create({"properties": first, "associations": []}).id
                   for _ in range(2)]
            one = api.basic_api.merge({"primaryObjectId": two[0], "objectIdToMerge": two[1]})
            expect(api.basic_api.get_by_id(two[1]).id == one.id, "the old id leads on")

    check("legacy: merge contacts, companies, deals, tickets", merges)

    def privacy():
        email = f"{secrets.token_hex(6)}@sdk-check.test"
        made = crm.contacts.basic_api.create({"properties": {"email": email}, "associations": []})
        found = crm.contacts.basic_api.get_by_id(email, id_property="email")
        expect(found.id == made.id, "read by address")
        crm.contacts.basic_api.purge({"objectId": made.id})
        refused(lambda: crm.contacts.basic_api.get_by_id(made.id), 404)

    check("legacy: read by address, then forget it", privacy)

    def pair():
        deal = crm.deals.basic_api.create({"properties": {}, "associations": []}).id
        company = crm.companies.basic_api.create({"properties": {}, "associations": []}).id
        return deal, company

    def linked(deal):
        page = crm.associations.v4.basic_api.get_page("deals", deal, "companies")
        return {kind.type_id for one in page.results for kind in one.association_types}

    def associations():
        deal, company = pair()
        api = crm.associations.v4
        primary = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 5}
        ends = {"from": {"id": deal}, "to": {"id": company}}
        api.batch_api.create("deals", "companies", {"inputs": [{**ends, "types": [primary]}]})
        expect(linked(deal) == {5, 341}, "primary and plain")
        api.batch_api.archive_labels(
            "deals", "companies", {"inputs": [{**ends, "types": [primary]}]})
        expect(linked(deal) == {341}, "plain")
        api.batch_api.archive("deals", "companies", {"inputs": [
            {"from": {"id": deal}, "to": [{"id": company}]}]})
        expect(linked(deal) == set(), "none")
        api.batch_api.create_default("deals", "companies", {"inputs": [ends]})
        expect(linked(deal) == {341}, "plain again")
        api.basic_api.archive("deals", deal, "companies", company)
        api.basic_api.create("deals", deal, "companies", company, [primary])
        expect(linked(deal) == {5, 341}, "one by one")
        api.basic_api.archive("deals", deal, "companies", company)
        api.basic_api.create_default("deals", deal, "companies", company)
        expect(linked(deal) == {341}, "the default")

    check("legacy: v4 associations, written", associations)

    def oldest_associations():
        deal, company = pair()
        inputs = {"inputs": [{"from": {"id": deal}, "to": {"id": company},
                              "type": "deal_to_company"}]}
        api = crm.associations.batch_api
        expect(len(api.create("deals", "companies", inputs).results) == 1, "made")
        read = api.read("deals", "companies", {"inputs": [{"id": deal}]})
        expect(read.results[0].to[0].id == company, "read")
        api.archive("deals", "companies", inputs)
        expect(linked(deal) == set(), "ended")

    check("legacy: v3 associations", oldest_associations)

    def labels():
        api = crm.associations.v4.schema.definitions_api
        made = api.create("deals", "companies", {"name": "legacy_label", "label": "Legacy"})
        number = made.results[0].type_id
        api.update("deals", "companies", {"associationTypeId": number, "label": "Renamed"})
        listed = [one.label for one in api.get_all("deals", "companies").results]
        expect("Renamed" in listed, "renamed")
        api.remove("deals", "companies", number)

    check("legacy: association labels", labels)

    def definitions():
        api = crm.properties
        api.groups_api.create("contacts", {"name": "legacy_group", "label": "Legacy"})
        api.groups_api.update("contacts", "legacy_group", {"label": "Legacy group"})
        read = api.groups_api.get_by_name("contacts", "legacy_group")
        expect(read.label == "Legacy group", "renamed")
        expect(api.groups_api.get_all("contacts").results, "groups")
        names = [{"name": "legacy_one"}, {"name": "legacy_two"}]
        both = [{**name, "label": "L", "type": "number", "fieldType": "number",
                 "groupName": "legacy_group"} for name in names]
        expect(len(api.batch_api.create("contacts", {"inputs": both}).results) == 2, "made")
        read = api.batch_api.read("contacts", {"inputs": names, "archived": False,
                                               "dataSensitivity": "non_sensitive"})
        expect(len(read.results) == 2, "read")
        api.batch_api.archive("contacts", {"inputs": names})
        expect(api.core_api.get_all("contacts", archived=True).results, "archived ones")
        api.groups_api.archive("contacts", "legacy_group")

    check("legacy: groups and definitions in batches", definitions)

    def pipelines():
        api, stages = crm.pipelines.pipelines_api, crm.pipelines.pipeline_stages_api
        stage = {"label": "Asked", "displayOrder": 0, "metadata": {"probability": "0.4"}}
        made = api.create("deals", {"label": "Legacy", "displayOrder": 5, "stages": [stage]})
        api.update("deals", made.id, {"label": "Legacy pipeline"})
        expect(api.get_by_id("deals", made.id).label == "Legacy pipeline", "renamed")
        added = stages.create("deals", made.id, {"label": "Waits", "displayOrder": 1,
                                                 "metadata": {"probability": "0.5"}})
        stages.update("deals", made.id, added.id, {"metadata": {"probability": "0.6"}})
        read = stages.get_by_id("deals", made.id, added.id)
        expect(read.metadata["probability"] == "0.6", "changed")
        stages.replace("deals", made.id, added.id, {"label": "Waiting", "displayOrder": 0,
                                                    "metadata": {"probability": "0.7"}})
        # This SDK leaves "{pipelineId}" as it is in the path of this one call.
        refused(lambda: crm.pipelines.pipeline_stage_audits_api.get_audit("deals", added.id), 404)
        stages.archive("deals", made.id, added.id)
        api.replace("deals", made.id, {"label": "Legacy", "displayOrder": 0, "stages": [stage]})
        audits = crm.pipelines.pipeline_audits_api.get_audit("deals", made.id)
        expect(len(audits.results) == 3, "the pipeline's audit")
        api.archive("deals", made.id)

    check("legacy: pipelines, stages, audits", pipelines)

    def schemas():
        api = crm.schemas.core_api
        made = api.create({
            "name": "legacy_site", "labels": {"singular": "Site", "plural": "Sites"},
            "primaryDisplayProperty": "site_name", "requiredProperties": ["site_name"],
            "searchableProperties": [], "secondaryDisplayProperties": [],
            "associatedObjects": ["CONTACT"],
            "properties": [{"name": "site_name", "label": "Name", "type": "string",
                            "fieldType": "text"}]})
        kind = made.object_type_id
        api.update(kind, {"labels": {"singular": "Place", "plural": "Places"}})
        expect(api.get_by_id(kind).labels.plural == "Places", "renamed")
        expect(len(api.get_all().results) >= 2, "listed")
        link = api.create_association(kind, {"fromObjectTypeId": kind, "toObjectTypeId": "0-5"})
        api.archive_association(kind, link.id)
        records = crm.objects
        one = records.basic_api.create(
            kind, {"properties": {"site_name": "Quay"}, "associations": []})
        records.basic_api.update(kind, one.id, {"properties": {"site_name": "Dock"}})
        read = records.basic_api.get_by_id(kind, one.id, properties=["site_name"])
        expect(read.properties["site_name"] == "Dock", "a record of the type")
        expect(records.search_api.do_search(kind, {}).total == 1, "found")
        records.basic_api.archive(kind, one.id)
        api.archive(kind)

    check("legacy: a custom object's definition and records", schemas)

    def lists():
        api = crm.lists
        made = api.lists_api.create({"name": "Legacy list", "objectTypeId": "0-1",
                                     "processingType": "MANUAL"}).list
        contacts = [one.id for one in crm.contacts.basic_api.get_page(limit=3).results]
        api.memberships_api.add(made.list_id, contacts)
        page = api.memberships_api.get_page(made.list_id)
        expect([one.record_id for one in page.results] == contacts, "members")
        found = api.lists_api.do_search({"query": "legacy", "listIds": [], "offset": 0})
        expect(found.total == 1, "found")
        expect(api.lists_api.get_by_id(made.list_id).list.name == "Legacy list", "read")
        api.lists_api.remove(made.list_id)

    check("legacy: lists and memberships", lists)

    def queue():
        number = control(address, "queue", {"name": "Inbound"})["id"]
        owner = crm.owners.owners_api.get_by_id(int(number), id_property="id")
        expect(owner.type == "QUEUE" and owner.user_id is None, "a queue has no user")

    # Last: it adds an owner, and the checks before it count them.
    check("legacy: a queue among the owners", queue)
