//! What people do to a portal behind a client's back: archive, merge, edit, associate. None of it
//! is in the ledger, which holds what clients wrote.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::serve::Sim;
use super::simulation::Simulation;
use super::unmake;
use super::values::Draft;
use crate::portal::kind::Kind;
use crate::portal::record::{Record, Source, SourceKind, Stamp};
use crate::portal::value::Value as Kept;

/// One change that a person makes in the portal. Ids are texts, as in HubSpot's answers; object
/// types are spelled as in its paths. The control address takes each as `POST {verb}` with the
/// fields as its body, for example `POST archive {"objectType": "deals", "id": "9001"}`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(
    tag = "verb",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Change {
    /// A new record. Answers with its `id`.
    Create {
        /// Its type.
        object_type: String,
        /// Its first values; what is no legal value is kept as it is.
        #[serde(default)]
        properties: Map<String, Value>,
    },
    /// A record gets a value. The modified date moves with it unless `quiet`.
    SetProperty {
        /// The record's type.
        object_type: String,
        /// The record.
        id: String,
        /// The property's internal name.
        property: String,
        /// The value; an empty text clears it. What is no legal value is kept as it is: real
        /// portals hold numbers such as `1;2;3`.
        value: String,
        /// Leaves the modified date alone, as HubSpot's own arithmetic does.
        #[serde(default)]
        quiet: bool,
    },
    /// A record's modified date moves, and nothing else.
    Touch {
        /// The record's type.
        object_type: String,
        /// The record.
        id: String,
    },
    /// A record goes to the recycle bin; an e-mail is gone for good. The modified date stays.
    Archive {
        /// The record's type.
        object_type: String,
        /// The record.
        id: String,
    },
    /// A record comes back from the recycle bin. The modified date stays.
    Restore {
        /// The record's type.
        object_type: String,
        /// The record.
        id: String,
    },
    /// A record is gone for good, without a trace: what happens ninety days after its archiving.
    Purge {
        /// The record's type.
        object_type: String,
        /// The record.
        id: String,
    },
    /// A contact is deleted for reasons of privacy: gone for good.
    GdprDelete {
        /// The contact.
        id: String,
    },
    /// Two records become one. Answers with the survivor's `id`, to which both old ids lead.
    Merge {
        /// The records' type.
        object_type: String,
        /// The record whose values win.
        id: String,
        /// The other one.
        other: String,
        /// The first record keeps its id, as merges before 2024 did; otherwise the survivor has a
        /// new one.
        #[serde(default)]
        keeps_id: bool,
    },
    /// Two records are associated. No modified date moves.
    Associate {
        /// The first record's type.
        from_type: String,
        /// The first record.
        from_id: String,
        /// The second record's type.
        to_type: String,
        /// The second record.
        to_id: String,
        /// The association's type as seen from the first; the unlabelled one when left out.
        #[serde(default)]
        type_id: Option<u16>,
    },
    /// Every association of two records ends. No modified date moves.
    Disassociate {
        /// The first record's type.
        from_type: String,
        /// The first record.
        from_id: String,
        /// The second record's type.
        to_type: String,
        /// The second record.
        to_id: String,
    },
    /// A share of a type's records is edited at one millisecond. Answers with how many, as
    /// `edited`.
    BulkEdit {
        /// The records' type.
        object_type: String,
        /// The property's internal name.
        property: String,
        /// The value that all get.
        value: String,
        /// Of a hundred records, how many: every hundredth for 1.
        percent: u32,
    },
}

/// Why a change was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    /// No such object type, or none of this portal's.
    #[error("no such object type")]
    ObjectType,
    /// No such record, or not in the state that the change needs.
    #[error("no such record")]
    Record,
    /// No definition of this name.
    #[error("no such property")]
    Property,
    /// The two types have no such association.
    #[error("no such association type")]
    AssociationType,
    /// No scenario of this name.
    #[error("no such scenario")]
    Scenario,
    /// The body of a control call is no change.
    #[error("not a change that the simulator knows")]
    Unreadable,
}

/// The names of all changes, as control routes.
pub(crate) const VERBS: [&str; 11] = [
    "create",
    "set-property",
    "touch",
    "archive",
    "restore",
    "purge",
    "gdpr-delete",
    "merge",
    "associate",
    "disassociate",
    "bulk-edit",
];

/// The user who makes them.
const PERSON: Source = Source {
    kind: SourceKind::CrmUi,
    number: 7_700,
};

impl Sim {
    /// Makes a change in the portal, as a person would. Gives what the control route of the same
    /// name answers.
    ///
    /// # Errors
    /// When it names something that the portal does not have.
    pub fn change(&self, change: &Change) -> Result<Value, ChangeError> {
        make(&mut self.state(), change)
    }

    /// The ids of a type's live records, in ascending order.
    #[must_use]
    pub fn ids(&self, object_type: &str) -> Vec<String> {
        let simulation = self.state();
        let Ok(kind) = kind_of(&simulation, object_type) else {
            return Vec::new();
        };
        let all = simulation.world.portal.table(kind).all();
        all.iter()
            .filter(|record| record.archived.is_none())
            .map(|record| record.id.to_string())
            .collect()
    }
}

/// A change as the control address takes it.
pub(crate) fn read(verb: &str, mut body: Value) -> Result<Change, ChangeError> {
    let fields = body.as_object_mut().ok_or(ChangeError::Unreadable)?;
    for key in ["id", "other", "fromId", "toId"] {
        if let Some(Value::Number(number)) = fields.get(key) {
            let text = number.to_string();
            fields.insert(key.to_owned(), text.into());
        }
    }
    fields.insert("verb".to_owned(), verb.into());
    serde_json::from_value(body).map_err(|_| ChangeError::Unreadable)
}

fn kind_of(sim: &Simulation, name: &str) -> Result<Kind, ChangeError> {
    sim.world.portal.kind(name).ok_or(ChangeError::ObjectType)
}

fn number(id: &str) -> Result<u64, ChangeError> {
    id.parse().map_err(|_| ChangeError::Record)
}

fn record<'a>(
    sim: &'a mut Simulation,
    object_type: &str,
    id: &str,
) -> Result<&'a mut Record, ChangeError> {
    let kind = kind_of(sim, object_type)?;
    let table = sim.world.portal.table_mut(kind);
    table.get_mut(number(id)?).ok_or(ChangeError::Record)
}

/// Makes a change.
pub(crate) fn make(sim: &mut Simulation, change: &Change) -> Result<Value, ChangeError> {
    let now = sim.clock.now();
    match change {
        Change::Create {
            object_type,
            properties,
        } => {
            let kind = kind_of(sim, object_type)?;
            let table = sim.world.portal.table_mut(kind);
            let id = table.take_id();
            table.push(Record::new(id, now, PERSON));
            for (name, value) in properties {
                let text = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                set(sim, kind, id, name, &text, false)?;
            }
            return Ok(json!({ "id": id.to_string() }));
        }
        Change::SetProperty {
            object_type,
            id,
            property,
            value,
            quiet,
        } => {
            let kind = kind_of(sim, object_type)?;
            set(sim, kind, number(id)?, property, value, *quiet)?;
        }
        Change::Touch { object_type, id } => record(sim, object_type, id)?.modified = now,
        Change::Archive { object_type, id } => {
            let record = record(sim, object_type, id)?;
            if record.archived.is_some() {
                return Err(ChangeError::Record);
            }
            record.archived = Some(now);
            if kind_of(sim, object_type)? == Kind::Emails {
                sim.world.portal.purge(Kind::Emails, number(id)?);
            }
        }
        Change::Restore { object_type, id } => {
            let record = record(sim, object_type, id)?;
            record.archived.take().ok_or(ChangeError::Record)?;
        }
        Change::Purge { object_type, id } => {
            let kind = kind_of(sim, object_type)?;
            let purged = sim.world.portal.purge(kind, number(id)?);
            purged.ok_or(ChangeError::Record)?;
        }
        Change::GdprDelete { id } => {
            if !unmake::erase(sim, number(id)?) {
                return Err(ChangeError::Record);
            }
        }
        Change::Merge {
            object_type,
            id,
            other,
            keeps_id,
        } => {
            let kind = kind_of(sim, object_type)?;
            let portal = &mut sim.world.portal;
            let survivor = portal
                .merge(kind, number(id)?, number(other)?, now, *keeps_id)
                .ok_or(ChangeError::Record)?;
            return Ok(json!({ "id": survivor.to_string() }));
        }
        Change::Associate {
            from_type,
            from_id,
            to_type,
            to_id,
            type_id,
        } => {
            let (from, to) = (kind_of(sim, from_type)?, kind_of(sim, to_type)?);
            let link = match type_id {
                Some(number) => sim.world.portal.links.find(from, to, *number),
                None => sim.world.portal.links.default_type(from, to),
            };
            let link = link.ok_or(ChangeError::AssociationType)?;
            record(sim, from_type, from_id)?;
            record(sim, to_type, to_id)?;
            let portal = &mut sim.world.portal;
            return Ok(json!({ "new": portal.connect(&link, number(from_id)?, number(to_id)?) }));
        }
        Change::Disassociate {
            from_type,
            from_id,
            to_type,
            to_id,
        } => {
            let from = (kind_of(sim, from_type)?, number(from_id)?);
            let to = (kind_of(sim, to_type)?, number(to_id)?);
            if !sim.world.portal.disconnect(from, to) {
                return Err(ChangeError::Record);
            }
        }
        Change::BulkEdit {
            object_type,
            property,
            value,
            percent,
        } => {
            let kind = kind_of(sim, object_type)?;
            let live = |record: &&Record| record.archived.is_none();
            let table = sim.world.portal.table(kind).all();
            let chosen = table.iter().filter(live).enumerate();
            let chosen: Vec<u64> = chosen
                .filter(|(index, _)| is_chosen(*index, *percent))
                .map(|(_, record)| record.id)
                .collect();
            for id in &chosen {
                set_at(sim, kind, *id, (property, value), now, false)?;
            }
            return Ok(json!({ "edited": chosen.len(), "at": now }));
        }
    }
    Ok(json!({}))
}

/// Spreads `percent` of a hundred evenly over the numbers from zero on.
fn is_chosen(index: usize, percent: u32) -> bool {
    let percent = percent.min(100) as usize;
    (index + 1) * percent / 100 > index * percent / 100
}

fn set(
    sim: &mut Simulation,
    kind: Kind,
    id: u64,
    name: &str,
    text: &str,
    quiet: bool,
) -> Result<(), ChangeError> {
    let now = sim.clock.now();
    set_at(sim, kind, id, (name, text), now, quiet)
}

fn set_at(
    sim: &mut Simulation,
    kind: Kind,
    id: u64,
    (name, text): (&str, &str),
    now: crm::Moment,
    quiet: bool,
) -> Result<(), ChangeError> {
    let portal = &mut sim.world.portal;
    let prop = portal
        .names
        .find(name)
        .filter(|prop| portal.schema(kind).live(*prop).is_some())
        .ok_or(ChangeError::Property)?;
    let mut faults = Vec::new();
    let mut wanted = Map::new();
    wanted.insert(name.to_owned(), text.into());
    let draft = Draft::read(portal, kind, &wanted.into(), &mut faults);
    let value = match draft.0.first() {
        Some((_, _, value)) => *value,
        None => Kept::Text(portal.strings.keep(text)),
    };
    let table = portal.table_mut(kind);
    let record = table.get_mut(id).ok_or(ChangeError::Record)?;
    let before = record.modified;
    record.change(Stamp::new(now, prop, value, PERSON));
    if quiet {
        record.modified = before;
    }
    Ok(())
}
