//! What a portal holds: records, definitions, owners, pipelines, and the arithmetic that HubSpot
//! does on them. No network, no clock, no chance.

pub(crate) mod custom;
pub(crate) mod definition;
pub(crate) mod kind;
pub(crate) mod links;
mod merge;
pub(crate) mod people;
pub(crate) mod phrases;
pub(crate) mod plan;
pub(crate) mod property;
pub(crate) mod record;
pub(crate) mod standard;
pub(crate) mod strings;
pub(crate) mod table;
pub(crate) mod value;

mod field;
mod offers;

use std::collections::{BTreeMap, HashMap};

pub(crate) use field::Field;

use custom::CustomType;
use definition::Schema;
use kind::Kind;
use links::{LinkType, Links};
use people::{Outcome, Owner, Pipeline, PipelineDeed, Stage};
use plan::Plan;
use property::PropertyNames;
use record::{Link, Record, SourceKind};
use strings::{Strings, Sym};
use table::Table;

/// Where each table's ids start: a little below a power of ten, see [`Table::starting_at`].
const FIRST_IDS: [u64; Kind::COUNT] = [
    94_000, 9_400, 9_000, 98_000, 980_000, 97_000, 9_700, 99_000, 940, 9_980, 9_950, 9_960, 95,
    9_900, 970, 9_990, 9_991, 9_992, 9_993, 9_994, 9_995, 9_996, 9_997, 9_998,
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
    /// Pipelines of the other types that have some.
    pub other_pipelines: BTreeMap<Kind, Vec<Pipeline>>,
    /// What was done to pipelines, oldest first.
    pub pipeline_deeds: Vec<PipelineDeed>,
    /// What the account has paid for.
    pub plan: Plan,
    /// Custom object types, archived ones included.
    pub custom: BTreeMap<Kind, CustomType>,
    /// Whether search takes record ids for texts.
    pub ids_as_text: bool,
    /// How many versions of a property are shown at most.
    pub history_cap: Option<usize>,
    /// Association types.
    pub links: Links,
    tables: [Table; Kind::COUNT],
    schemas: [Schema; Kind::COUNT],
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
            other_pipelines: people::first_pipelines(),
            pipeline_deeds: Vec::new(),
            plan: Plan::Enterprise,
            custom: BTreeMap::from([(Kind::Machines, CustomType::machines())]),
            ids_as_text: false,
            history_cap: None,
            links: Links::default(),
            tables: FIRST_IDS.map(Table::starting_at),
            schemas,
            merged: HashMap::new(),
            source_words,
        }
    }

    /// The records of a type.
    pub(crate) fn table(&self, kind: Kind) -> &Table {
        &self.tables[kind.index()]
    }

    /// The records of a type, to change them.
    pub(crate) fn table_mut(&mut self, kind: Kind) -> &mut Table {
        &mut self.tables[kind.index()]
    }

    /// The definitions of a type.
    pub(crate) fn schema(&self, kind: Kind) -> &Schema {
        &self.schemas[kind.index()]
    }

    /// The definitions of a type, to change them.
    pub(crate) fn schema_mut(&mut self, kind: Kind) -> &mut Schema {
        &mut self.schemas[kind.index()]
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
    pub(crate) fn connect(&mut self, link: &LinkType, from: u64, to: u64) -> bool {
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

    /// Ends one type of association of a pair, from both sides. Says whether there was one.
    pub(crate) fn disconnect_type(&mut self, link: &LinkType, from: u64, to: u64) -> bool {
        let mut removed = false;
        let ends = [
            (link.from, from, link.to, to, link.id),
            (link.to, to, link.from, from, link.reverse),
        ];
        for (kind, id, other, number, type_id) in ends {
            if let Some(record) = self.table_mut(kind).get_mut(id) {
                let before = record.links.len();
                record
                    .links
                    .retain(|one| (one.kind, one.to, one.type_id) != (other, number, type_id));
                removed |= record.links.len() < before;
            }
        }
        removed
    }

    /// Ends a record's associations of one type, whomever they lead to.
    pub(crate) fn drop_type(&mut self, link: &LinkType, from: u64) {
        let record = self.table(link.from).get(from);
        let others: Vec<u64> = record
            .iter()
            .flat_map(|record| &record.links)
            .filter(|one| (one.kind, one.type_id) == (link.to, link.id))
            .map(|one| one.to)
            .collect();
        for other in others {
            self.disconnect_type(link, from, other);
        }
    }

    /// Takes the associations with these type numbers off every record.
    pub(crate) fn unlink_everywhere(&mut self, numbers: [u16; 2]) {
        for table in &mut self.tables {
            for record in table.all_mut() {
                record.links.retain(|link| !numbers.contains(&link.type_id));
            }
        }
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

    /// The pipelines of a type.
    pub(crate) fn pipelines_of(&self, kind: Kind) -> &[Pipeline] {
        if kind == Kind::Deals {
            &self.pipelines
        } else {
            self.other_pipelines.get(&kind).map_or(&[], Vec::as_slice)
        }
    }

    /// The pipelines of a type, to change them.
    pub(crate) fn pipelines_mut(&mut self, kind: Kind) -> &mut Vec<Pipeline> {
        if kind == Kind::Deals {
            &mut self.pipelines
        } else {
            self.other_pipelines.entry(kind).or_default()
        }
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
