//! Records as JSON.

use crm::Moment;
use serde_json::{Map, Value, json};

use super::auth::Grant;
use crate::portal::definition::NON_SENSITIVE;
use crate::portal::kind::Kind;
use crate::portal::record::{Record, SourceKind, Stamp};
use crate::portal::value::spell_moment;
use crate::portal::{Field, Portal};

/// What a call wants to see of each record.
#[derive(Debug, Default)]
pub(crate) struct View {
    /// Properties by name, with what they are.
    pub fields: Vec<(String, Field)>,
    /// Properties whose versions are wanted too.
    pub histories: Vec<(String, Field)>,
    /// Whether e-mail texts may be shown.
    pub email_texts: bool,
}

/// Inline associations stop at a hundred ids (hubspot-api-nodejs issue 29).
const INLINE_LINKS: usize = 100;

/// What comes back whether or not it was asked for.
const ALWAYS: [&str; 3] = ["createdate", "hs_lastmodifieddate", "hs_object_id"];

fn defaults(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Contacts => &["email", "firstname", "lastname", "lastmodifieddate"],
        Kind::Companies => &["name", "domain"],
        Kind::Deals => &["amount", "closedate", "dealname", "dealstage", "pipeline"],
        _ => &["hs_createdate"],
    }
}

impl View {
    /// Resolves names. Unknown ones are dropped without a word, as HubSpot does.
    pub(crate) fn new(
        portal: &Portal,
        kind: Kind,
        properties: &[String],
        histories: &[String],
        grant: &Grant,
    ) -> Self {
        let mut names: Vec<&str> = if properties.is_empty() {
            defaults(kind).to_vec()
        } else {
            properties.iter().map(String::as_str).collect()
        };
        names.extend(ALWAYS);
        names.extend(histories.iter().map(String::as_str));
        if kind.is_activity() || kind.is_custom() {
            names.push("hs_createdate");
        }
        names.sort_unstable();
        names.dedup();
        let sensitive = format!("crm.objects.{}.sensitive.read.v2", kind.plural());
        let may_see = |name: &str| {
            let prop = portal.names.find(name);
            let definition = prop.and_then(|prop| portal.schema(kind).live(prop));
            definition.is_none_or(|one| one.sensitivity == NON_SENSITIVE)
                || grant.allows(&[&sensitive])
        };
        let resolve = |name: &str| {
            portal
                .field(kind, name)
                .filter(|_| may_see(name))
                .map(|field| (name.to_owned(), field))
        };
        Self {
            fields: names.into_iter().filter_map(resolve).collect(),
            histories: histories.iter().filter_map(|name| resolve(name)).collect(),
            email_texts: kind != Kind::Emails || grant.allows(&["sales-email-read"]),
        }
    }

    /// Whether a property is withheld from this caller.
    fn withholds(&self, name: &str) -> bool {
        let texts = ["hs_email_subject", "hs_email_text", "hs_email_html"];
        !self.email_texts && texts.contains(&name)
    }
}

/// A record as the API shows it.
pub(crate) fn render(
    portal: &Portal,
    kind: Kind,
    record: &Record,
    view: &View,
    now: Moment,
) -> Value {
    let mut properties = Map::new();
    for (name, field) in &view.fields {
        let value = portal
            .spelled(kind, record, field, now)
            .filter(|_| !view.withholds(name));
        properties.insert(name.clone(), value.map_or(Value::Null, |text| json!(text)));
    }
    let mut shown = Map::new();
    shown.insert("id".to_owned(), json!(record.id.to_string()));
    shown.insert("properties".to_owned(), properties.into());
    shown.insert("createdAt".to_owned(), json!(spell_moment(record.created)));
    shown.insert("updatedAt".to_owned(), json!(spell_moment(record.modified)));
    shown.insert("archived".to_owned(), json!(record.archived.is_some()));
    if let Some(at) = record.archived {
        shown.insert("archivedAt".to_owned(), json!(spell_moment(at)));
    }
    let url = format!(
        "https://app-eu1.hubspot.com/contacts/{}/record/{}/{}",
        portal.id,
        kind.type_id(),
        record.id
    );
    shown.insert("url".to_owned(), json!(url));
    if !view.histories.is_empty() {
        let histories: Map<String, Value> = view
            .histories
            .iter()
            .map(|(name, field)| (name.clone(), history(portal, kind, record, field, now)))
            .collect();
        shown.insert("propertiesWithHistory".to_owned(), histories.into());
    }
    shown.into()
}

fn history(portal: &Portal, kind: Kind, record: &Record, field: &Field, now: Moment) -> Value {
    let stored = match field {
        Field::Defined(prop) => record.history(*prop),
        Field::Stage(..) => Vec::new(),
    };
    if !stored.is_empty() {
        let shown = stored.iter().take(portal.history_cap.unwrap_or(usize::MAX));
        return shown.map(|stamp| version(portal, stamp)).collect();
    }
    // What HubSpot works out has the one version that holds now.
    match portal.spelled(kind, record, field, now) {
        Some(text) => json!([{
            "value": text,
            "timestamp": spell_moment(record.modified),
            "sourceType": SourceKind::Calculated.word(),
        }]),
        None => json!([]),
    }
}

fn version(portal: &Portal, stamp: &Stamp) -> Value {
    let mut shown = json!({
        "value": stamp.cell.value().spell(&portal.strings),
        "timestamp": spell_moment(stamp.at),
        "sourceType": stamp.source.kind.word(),
    });
    match stamp.source.kind {
        SourceKind::CrmUi => {
            shown["sourceId"] = json!(format!("userId:{}", stamp.source.number));
            shown["updatedByUserId"] = json!(stamp.source.number);
        }
        SourceKind::Integration => shown["sourceId"] = json!(stamp.source.number.to_string()),
        _ => {}
    }
    shown
}

/// Associations within a list's records: the old shape, without type ids, one entry per label.
pub(crate) fn inline_links(
    portal: &Portal,
    kind: Kind,
    record: &Record,
    to: Kind,
) -> Option<Value> {
    let mut links: Vec<_> = record
        .links
        .iter()
        .filter(|link| link.kind == to)
        .filter(|link| {
            portal
                .table(to)
                .get(link.to)
                .is_some_and(|r| r.archived.is_none())
        })
        .collect();
    if links.is_empty() {
        return None;
    }
    links.sort_unstable_by_key(|link| (link.to, link.type_id));
    let name = format!("{}_to_{}", kind.singular(), to.singular());
    let entries = links.iter().map(|link| {
        let link_type = portal.links.find(kind, to, link.type_id);
        let labels = portal.links.types(kind, to).len() > 1;
        let spelled = match link_type.as_ref().and_then(|t| t.label.as_deref()) {
            Some("Primary") => name.clone(),
            Some(label) => label.to_lowercase().replace(' ', "_"),
            None if labels && to == Kind::Companies => format!("{name}_unlabeled"),
            None => name.clone(),
        };
        json!({ "id": link.to.to_string(), "type": spelled })
    });
    let mut shown: Vec<Value> = entries.collect();
    let mut answer = Map::new();
    if let Some(next) = links.get(INLINE_LINKS) {
        shown.truncate(INLINE_LINKS);
        answer.insert(
            "paging".to_owned(),
            json!({ "next": {
                "after": next.to.to_string(),
                "link": format!(
                    "https://api.hubapi.com/crm/v3/objects/{}/{}/associations/{}?after={}",
                    kind.plural(), record.id, to.plural(), next.to
                ),
            }}),
        );
    }
    answer.insert("results".to_owned(), shown.into());
    Some(answer.into())
}
