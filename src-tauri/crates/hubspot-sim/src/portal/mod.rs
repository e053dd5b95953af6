//! What a portal holds: records, definitions, owners, pipelines, and the arithmetic that HubSpot
//! does on them. No network, no clock, no chance.

pub(crate) mod definition;
pub(crate) mod kind;
pub(crate) mod links;
pub(crate) mod people;
pub(crate) mod phrases;
pub(crate) mod property;
pub(crate) mod record;
pub(crate) mod standard;
pub(crate) mod strings;
pub(crate) mod table;
pub(crate) mod value;

mod field;

use std::collections::HashMap;

use crm::Moment;

pub(crate) use field::Field;

use definition::Schema;
use kind::Kind;
use links::LinkType;
use people::{Outcome, Owner, Pipeline, Stage};
use property::PropertyNames;
use record::{Link, Record, SourceKind};
use strings::{Strings, Sym};
use table::Table;

/// Where each table's ids start: a little below a power of ten, see [`Table::starting_at`].
const FIRST_IDS: [u64; 9] = [
    94_000, 9_400, 9_000, 98_000, 980_000, 97_000, 9_700, 99_000, 940,
];

/// One HubSpot account.
#[derive(Debug)]
pub(crate) struct Portal {
    /// The account's number.
    pub id: u64,
    /// The zone in which the daily limit starts anew.
    pub time_zone: &'static str,
    /// The currency that amounts are added up in.
    pub home_currency: &'static str,
    /// Ten-thousandths of the home currency per unit, by currency code.
    pub rates: HashMap<Sym, i64>,
    /// Interned texts.
    pub strings: Strings,
    /// Interned property names.
    pub names: PropertyNames,
    /// Owners, those who left included.
    pub owners: Vec<Owner>,
    /// Pipelines of deals.
    pub pipelines: Vec<Pipeline>,
    /// Whether the portal's plan has custom objects.
    pub custom_objects: bool,
    tables: [Table; 9],
    schemas: [Schema; 9],
    /// Ids that were merged away, with the id of the record that survived.
    merged: HashMap<(Kind, u64), u64>,
    source_words: [Sym; 7],
}

impl Portal {
    /// A portal without records.
    pub(crate) fn empty(id: u64) -> Self {
        let mut strings = Strings::default();
        let mut names = PropertyNames::default();
        let words = [
            SourceKind::CrmUi,
            SourceKind::Integration,
            SourceKind::Import,
            SourceKind::Automation,
            SourceKind::Calculated,
            SourceKind::Merge,
            SourceKind::Form,
        ];
        let source_words = words.map(|kind| strings.keep(kind.word()));
        let schemas = Kind::ALL.map(|kind| Schema::standard(kind, &mut names));
        Self {
            id,
            time_zone: "Europe/Berlin",
            home_currency: "EUR",
            rates: HashMap::new(),
            strings,
            names,
            owners: Vec::new(),
            pipelines: Vec::new(),
            custom_objects: true,
            tables: FIRST_IDS.map(Table::starting_at),
            schemas,
            merged: HashMap::new(),
            source_words,
        }
    }

    /// The records of a type.
    pub(crate) fn table(&self, kind: Kind) -> &Table {
        &self.tables[kind as usize]
    }

    /// The records of a type, to change them.
    pub(crate) fn table_mut(&mut self, kind: Kind) -> &mut Table {
        &mut self.tables[kind as usize]
    }

    /// The definitions of a type.
    pub(crate) fn schema(&self, kind: Kind) -> &Schema {
        &self.schemas[kind as usize]
    }

    /// The definitions of a type, to change them.
    pub(crate) fn schema_mut(&mut self, kind: Kind) -> &mut Schema {
        &mut self.schemas[kind as usize]
    }

    /// The record with this id, or the one it was merged into.
    pub(crate) fn resolve(&self, kind: Kind, id: u64) -> Option<&Record> {
        let mut id = id;
        while let Some(survivor) = self.merged.get(&(kind, id)) {
            id = *survivor;
        }
        self.table(kind).get(id)
    }

    /// Associates two records, both ways. Says whether that was new.
    pub(crate) fn connect(&mut self, link: LinkType, from: u64, to: u64) -> bool {
        if self.table(link.to).get(to).is_none() {
            return false;
        }
        let there = Link {
            to,
            type_id: link.id,
            kind: link.to,
        };
        let back = Link {
            to: from,
            type_id: link.reverse,
            kind: link.from,
        };
        let Some(record) = self.table_mut(link.from).get_mut(from) else {
            return false;
        };
        let new = record.link(there);
        if new && let Some(record) = self.table_mut(link.to).get_mut(to) {
            record.link(back);
        }
        new
    }

    /// Removes every association of a pair of records. Says whether there was one.
    pub(crate) fn disconnect(&mut self, from: (Kind, u64), to: (Kind, u64)) -> bool {
        let mut removed = false;
        for (this, other) in [(from, to), (to, from)] {
            if let Some(record) = self.table_mut(this.0).get_mut(this.1) {
                let before = record.links.len();
                record.links.retain(|link| (link.kind, link.to) != other);
                removed |= record.links.len() < before;
            }
        }
        removed
    }

    /// Takes a record away for good, with its associations.
    pub(crate) fn purge(&mut self, kind: Kind, id: u64) -> Option<Record> {
        let record = self.table_mut(kind).purge(id)?;
        for link in &record.links {
            if let Some(other) = self.table_mut(link.kind).get_mut(link.to) {
                other
                    .links
                    .retain(|back| (back.kind, back.to) != (kind, id));
            }
        }
        Some(record)
    }

    /// Merges two records into a new one with a new id, as HubSpot has done since 2024: values of
    /// the first win, associations of both stay, both old ids lead to the new record. With
    /// `keeps_id` the first keeps its id, as it did before.
    pub(crate) fn merge(
        &mut self,
        kind: Kind,
        first: u64,
        second: u64,
        at: Moment,
        keeps_id: bool,
    ) -> Option<u64> {
        if first == second {
            return None;
        }
        self.table(kind).get(second)?;
        let winner = self.purge(kind, first)?;
        let loser = self.purge(kind, second)?;
        let id = if keeps_id {
            first
        } else {
            self.table_mut(kind).take_id()
        };
        let earlier = |record: &Record| self.merged_text(record);
        let mut trace = [earlier(&winner), earlier(&loser)].concat();
        trace.retain(|old| *old != id.to_string());
        let trace = trace.join(";");
        let trace = self.strings.keep(&trace);
        let mut links = winner.links.clone();
        links.extend(loser.links.iter().copied());
        let mut record = Record {
            id,
            modified: at,
            ..winner
        };
        record.created = record.created.min(loser.created);
        record.links.clear();
        for cell in &loser.cells {
            if record.value(cell.prop()).is_none() {
                record.place(cell.prop(), cell.value());
            }
        }
        record.place(property::HS_MERGED_OBJECT_IDS, value::Value::Text(trace));
        self.table_mut(kind).insert(record);
        for link in links {
            if let Some(link_type) = links::find(kind, link.kind, link.type_id) {
                self.connect(link_type, id, link.to);
            }
        }
        for old in [first, second] {
            if old != id {
                self.note_merged(kind, old, id);
            }
        }
        Some(id)
    }

    /// Remembers that an id was merged away.
    pub(crate) fn note_merged(&mut self, kind: Kind, old: u64, survivor: u64) {
        self.merged.insert((kind, old), survivor);
    }

    fn merged_text(&self, record: &Record) -> Vec<String> {
        let mut ids = vec![record.id.to_string()];
        if let Some(value::Value::Text(sym)) = record.value(property::HS_MERGED_OBJECT_IDS) {
            ids.extend(self.strings.text(sym).split(';').map(str::to_owned));
        }
        ids
    }

    /// The stage a deal is in.
    pub(crate) fn stage(&self, deal: &Record) -> Option<&Stage> {
        let Some(value::Value::Text(stage)) = deal.value(property::DEALSTAGE) else {
            return None;
        };
        self.stage_named(self.strings.text(stage))
    }

    /// The stage with this id, in whichever pipeline it is.
    pub(crate) fn stage_named(&self, id: &str) -> Option<&Stage> {
        self.pipelines
            .iter()
            .flat_map(|pipeline| &pipeline.stages)
            .find(|stage| stage.id == id)
    }

    /// Whether a deal is open, won or lost.
    pub(crate) fn outcome(&self, deal: &Record) -> Outcome {
        self.stage(deal)
            .map_or(Outcome::Open, |stage| stage.outcome)
    }
}
