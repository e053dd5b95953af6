//! A made-up copy: companies, contacts and deals, and all that portals do to them.

use crm::{Moment, ObjectType, PropertyValue, RecordId, Version};
use store::{DataDir, PortalInfo, PortalStore, RecordRow};

pub(crate) const NOW: &str = "2026-11-02T08:00:00Z";

pub(crate) fn at(text: &str) -> Moment {
    text.parse().unwrap()
}

pub(crate) fn store(folder: &tempfile::TempDir) -> PortalStore {
    let info = PortalInfo {
        id: crm::PortalId::new(7),
        name: "Made up".to_owned(),
        time_zone: "Europe/Berlin".to_owned(),
        home_currency: "EUR".to_owned(),
        account_type: None,
        ui_domain: None,
        data_hosting: None,
        read_at: at(NOW),
    };
    let dir = DataDir::open(&folder.path().join("data")).unwrap();
    let store = PortalStore::create(&dir, &store::testing::vault(1), &info).unwrap();
    let sql = "INSERT INTO pipeline (object_type, pipeline_id, label, display_order)
        VALUES ('deals', 'default', 'Sales', 0), ('deals', 'other', 'Other', 1);
        INSERT INTO stage (object_type, pipeline_id, stage_id, label, display_order, probability, closed)
        VALUES ('deals', 'default', 'open', 'Open', 0, 0.5, 0),
            ('deals', 'default', 'won', 'Won', 1, 1, 1),
            ('deals', 'default', 'lost', 'Lost', 2, 0, 1),
            ('deals', 'other', 'begun', 'Begun', 0, 0.5, 0);";
    store.write(|tx| Ok(tx.execute_batch(sql)?)).unwrap();
    store
}

/// What is put into the copy.
pub(crate) struct Put<'a> {
    pub(crate) object: ObjectType,
    pub(crate) id: u64,
    pub(crate) created: &'a str,
    pub(crate) values: &'a [(&'a str, &'a str)],
    pub(crate) versions: &'a [(&'a str, &'a str, &'a str)],
}

pub(crate) fn put(store: &PortalStore, record: &Put<'_>) {
    let mut row = RecordRow {
        id: RecordId::new(record.id),
        created_at: Some(at(record.created)),
        updated_at: Some(at(record.created)),
        archived: false,
        archived_at: None,
        properties: Default::default(),
        histories: Default::default(),
    };
    for (name, value) in record.values {
        let value = PropertyValue::from(Some((*value).to_owned()));
        row.properties.insert((*name).to_owned(), value);
    }
    for (name, since, value) in record.versions {
        let version = Version {
            at: at(since),
            value: PropertyValue::from(Some((*value).to_owned())),
            source_type: Some("CRM_UI".to_owned()),
            source_id: None,
            user: None,
        };
        row.histories
            .entry((*name).to_owned())
            .or_default()
            .push(version);
    }
    store
        .write(|tx| store::apply_page(tx, &record.object, &[row], 1, at(NOW)))
        .unwrap();
}

pub(crate) fn link(store: &PortalStore, from: (&str, u64), to: (&str, u64), type_id: u32) {
    let sql = format!(
        "INSERT INTO association VALUES ('{}', {}, '{}', {}, {type_id}, 'HUBSPOT_DEFINED', NULL, 1)",
        from.0, from.1, to.0, to.1
    );
    store.write(|tx| Ok(tx.execute_batch(&sql)?)).unwrap();
}

/// Forty deals of ten companies, and all that portals do to records.
pub(crate) fn filled(folder: &tempfile::TempDir) -> PortalStore {
    let store = store(folder);
    for id in 1..=10_u64 {
        let industry = ["RETAIL", "ENERGY", ""][id as usize % 3];
        let employees = ["5", "30", "many", "700"][id as usize % 4];
        put(
            &store,
            &Put {
                object: ObjectType::COMPANIES,
                id,
                created: "2026-01-01T00:00:00Z",
                values: &[
                    ("industry", industry),
                    ("numberofemployees", employees),
                    ("tier", "gold"),
                ],
                versions: &[],
            },
        );
        put(
            &store,
            &Put {
                object: ObjectType::CONTACTS,
                id: 100 + id,
                created: "2026-01-02T00:00:00Z",
                values: &[
                    ("hs_analytics_source", "REFERRALS"),
                    ("role", ["user", "buyer"][id as usize % 2]),
                ],
                versions: &[],
            },
        );
        link(&store, ("contacts", 100 + id), ("companies", id), 1);
    }
    for id in 1001..=1040_u64 {
        let end = match id % 3 {
            0 => "won",
            1 => "lost",
            _ => "open",
        };
        let created = "2026-03-02T10:00:00Z";
        let source = ["REFERRALS", "PAID_SEARCH", ""][id as usize % 3];
        let mut stages = vec![
            ("dealstage", created, "open"),
            ("pipeline", created, "default"),
        ];
        if end != "open" {
            stages.push(("dealstage", "2026-04-01T10:00:00Z", end));
        }
        put(
            &store,
            &Put {
                object: ObjectType::DEALS,
                id,
                created,
                values: &[
                    ("dealname", "A deal"),
                    ("createdate", created),
                    ("dealstage", end),
                    ("pipeline", "default"),
                    ("amount", "1000"),
                    ("hs_analytics_source", source),
                    (
                        "dealtype",
                        if id == 1040 {
                            "existingbusiness"
                        } else {
                            "newbusiness"
                        },
                    ),
                ],
                versions: &stages,
            },
        );
        if id % 10 != 9 {
            let company = 1 + id % 10;
            link(&store, ("deals", id), ("companies", company), 341);
            // Every fourth has two companies; of every eighth one is the primary.
            if id % 4 == 0 {
                link(&store, ("deals", id), ("companies", 1 + (id + 1) % 10), 341);
            }
            if id % 8 == 0 {
                link(&store, ("deals", id), ("companies", company), 5);
            }
            link(&store, ("deals", id), ("contacts", 100 + company), 3);
        }
    }
    store
}
