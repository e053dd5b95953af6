//! A record: its cells, the versions of the tracked ones, and its links to other records.

use crm::Moment;

use super::kind::Kind;
use super::property::Prop;
use super::value::{Cell, Value};

/// What set a value, as HubSpot's `sourceType` tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum SourceKind {
    /// A person in the CRM.
    CrmUi,
    /// The API, with a token.
    Integration,
    /// An import of a file.
    Import,
    /// A workflow.
    Automation,
    /// HubSpot's own arithmetic.
    Calculated,
    /// A merge of two records.
    Merge,
    /// A form on a web page.
    Form,
}

impl SourceKind {
    /// HubSpot's word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::CrmUi => "CRM_UI",
            Self::Integration => "INTEGRATION",
            Self::Import => "IMPORT",
            Self::Automation => "AUTOMATION_PLATFORM",
            Self::Calculated => "CALCULATED",
            Self::Merge => "MERGE_OBJECTS",
            Self::Form => "FORM",
        }
    }
}

/// Who or what set a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Source {
    /// The kind of source.
    pub kind: SourceKind,
    /// The user id for people, the app id for integrations, 0 otherwise.
    pub number: u32,
}

/// One value of a property from a time on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// From when.
    pub at: Moment,
    /// Which property has which value.
    pub cell: Cell,
    /// What set it.
    pub source: Source,
}

impl Stamp {
    /// A version.
    pub(crate) fn new(at: Moment, prop: Prop, value: Value, source: Source) -> Self {
        Self {
            at,
            cell: Cell::new(prop, value),
            source,
        }
    }
}

/// One end of an association.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link {
    /// The other record.
    pub to: u64,
    /// The association's type id, as seen from this end.
    pub type_id: u16,
    /// The other record's type.
    pub kind: Kind,
}

/// One record.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// Unique within its type.
    pub id: u64,
    /// When it was created.
    pub created: Moment,
    /// When it last changed. Archiving leaves it alone, as in HubSpot.
    pub modified: Moment,
    /// When it went to the recycle bin, if it is there.
    pub archived: Option<Moment>,
    /// What created it.
    pub origin: Source,
    /// Current values.
    pub cells: Vec<Cell>,
    /// All versions of every property that ever changed, each property's in order of time.
    pub versions: Vec<Stamp>,
    /// Associations, seen from here.
    pub links: Vec<Link>,
}

impl Record {
    /// A record without values.
    pub(crate) fn new(id: u64, created: Moment, origin: Source) -> Self {
        Self {
            id,
            created,
            modified: created,
            archived: None,
            origin,
            cells: Vec::new(),
            versions: Vec::new(),
            links: Vec::new(),
        }
    }

    /// The current value of a stored property.
    pub(crate) fn value(&self, prop: Prop) -> Option<Value> {
        self.cells
            .iter()
            .find(|cell| cell.prop() == prop)
            .map(Cell::value)
    }

    /// Sets a value without a trace: for values that hold since the record exists.
    pub(crate) fn place(&mut self, prop: Prop, value: Value) {
        let cell = Cell::new(prop, value);
        match self.cells.iter_mut().find(|cell| cell.prop() == prop) {
            Some(old) => *old = cell,
            None => self.cells.push(cell),
        }
    }

    /// Sets a value from a time on and remembers the version. The value before the first change
    /// becomes a version too, so that the history is complete from the record's creation.
    pub(crate) fn change(&mut self, stamp: Stamp) {
        let prop = stamp.cell.prop();
        if !self
            .versions
            .iter()
            .any(|version| version.cell.prop() == prop)
            && let Some(before) = self.value(prop)
        {
            self.versions
                .push(Stamp::new(self.created, prop, before, self.origin));
        }
        self.place(prop, stamp.cell.value());
        self.versions.push(stamp);
        self.modified = self.modified.max(stamp.at);
    }

    /// Makes versions of the values that never changed, which are as old as the record.
    pub(crate) fn date_values(&mut self) {
        for cell in self.cells.clone() {
            let prop = cell.prop();
            let changed = |version: &Stamp| version.cell.prop() == prop;
            if !self.versions.iter().any(changed) {
                let since = Stamp::new(self.created, prop, cell.value(), self.origin);
                self.versions.push(since);
            }
        }
    }

    /// The versions of a property, newest first, as HubSpot lists them.
    pub(crate) fn history(&self, prop: Prop) -> Vec<Stamp> {
        let mut versions: Vec<Stamp> = self
            .versions
            .iter()
            .filter(|stamp| stamp.cell.prop() == prop)
            .copied()
            .collect();
        versions.reverse();
        if versions.is_empty()
            && let Some(value) = self.value(prop)
        {
            versions.push(Stamp::new(self.created, prop, value, self.origin));
        }
        versions
    }

    /// Ids of the linked records of one type; each once, in ascending order.
    pub(crate) fn linked(&self, kind: Kind) -> Vec<u64> {
        let mut ids: Vec<u64> = self
            .links
            .iter()
            .filter(|link| link.kind == kind)
            .map(|link| link.to)
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Adds a link unless it is there.
    pub(crate) fn link(&mut self, link: Link) -> bool {
        let new = !self.links.contains(&link);
        if new {
            self.links.push(link);
        }
        new
    }
}
