//! All records of one type, in ascending order of id.

use super::record::Record;

/// All records of one type.
#[derive(Debug, Default)]
pub(crate) struct Table {
    records: Vec<Record>,
    /// The records' ids once more: looking one up in this dense list instead of in the records
    /// took two fifths off the making of a large world.
    ids: Vec<u64>,
    next_id: u64,
}

impl Table {
    /// An empty table whose first record gets about this id. The starts are chosen a little below
    /// a power of ten: a client that compares ids as texts then gets the order wrong at once.
    pub(crate) fn starting_at(first_id: u64) -> Self {
        Self {
            records: Vec::new(),
            ids: Vec::new(),
            next_id: first_id,
        }
    }

    /// The next free id. Ids have gaps, as HubSpot's have.
    pub(crate) fn take_id(&mut self) -> u64 {
        let id = self.next_id;
        // A fixed mixing of the id itself, so that gaps depend on nothing but the count of records.
        self.next_id += 1 + (id.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 61);
        id
    }

    /// Adds a record whose id came from [`Table::take_id`].
    pub(crate) fn push(&mut self, record: Record) {
        self.ids.push(record.id);
        self.records.push(record);
    }

    /// Adds a record whose id was given out before.
    pub(crate) fn insert(&mut self, record: Record) {
        let position = self.ids.partition_point(|other| *other < record.id);
        self.ids.insert(position, record.id);
        self.records.insert(position, record);
    }

    /// Makes room.
    pub(crate) fn reserve(&mut self, records: usize) {
        self.records.reserve(records);
        self.ids.reserve(records);
    }

    /// The record with this id.
    pub(crate) fn get(&self, id: u64) -> Option<&Record> {
        self.records.get(self.position(id)?)
    }

    /// The record with this id, to change it.
    pub(crate) fn get_mut(&mut self, id: u64) -> Option<&mut Record> {
        let position = self.position(id)?;
        self.records.get_mut(position)
    }

    /// Takes a record away for good.
    pub(crate) fn purge(&mut self, id: u64) -> Option<Record> {
        let position = self.position(id)?;
        self.ids.remove(position);
        Some(self.records.remove(position))
    }

    /// All records in ascending order of id.
    pub(crate) fn all(&self) -> &[Record] {
        &self.records
    }

    /// All records, to change them but for their ids.
    pub(crate) fn all_mut(&mut self) -> &mut [Record] {
        &mut self.records
    }

    /// The records with at least this id.
    pub(crate) fn from(&self, id: u64) -> &[Record] {
        let start = self.ids.partition_point(|other| *other < id);
        self.records.get(start..).unwrap_or_default()
    }

    fn position(&self, id: u64) -> Option<usize> {
        self.ids.binary_search(&id).ok()
    }
}
