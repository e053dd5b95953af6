//! Merging two records, and what is left of the one that went.

use crm::Moment;

use super::Portal;
use super::kind::Kind;
use super::property::{self as p, Prop};
use super::record::{Record, Source, SourceKind, Stamp};
use super::value::Value;

impl Portal {
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
        // The older date of creation stays, but no value is older than the record that had it.
        record.date_values();
        record.created = record.created.min(loser.created);
        record.links.clear();
        if kind == Kind::Contacts {
            self.merge_addresses(&mut record, &loser);
            self.note_merged_vid(&mut record, second, at);
        }
        let merging = Source {
            kind: SourceKind::Merge,
            number: 0,
        };
        for cell in &loser.cells {
            if record.value(cell.prop()).is_none() {
                record.change(Stamp::new(at, cell.prop(), cell.value(), merging));
            }
        }
        record.place(p::HS_MERGED_OBJECT_IDS, Value::Text(trace));
        self.table_mut(kind).insert(record);
        for link in links {
            if let Some(link_type) = self.links.find(kind, link.kind, link.type_id) {
                self.connect(&link_type, id, link.to);
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
        if let Some(Value::Text(sym)) = record.value(p::HS_MERGED_OBJECT_IDS) {
            ids.extend(self.strings.text(sym).split(';').map(str::to_owned));
        }
        ids
    }

    /// The addresses of the one that goes become additional ones of the one that stays.
    fn merge_addresses(&mut self, record: &mut Record, loser: &Record) {
        let own = self.text(record, p::EMAIL);
        let mut others: Vec<String> = Vec::new();
        let lists = [
            self.text(record, p::HS_ADDITIONAL_EMAILS),
            self.text(loser, p::EMAIL),
            self.text(loser, p::HS_ADDITIONAL_EMAILS),
        ];
        for address in lists.iter().flat_map(|list| list.split(';')) {
            if !address.is_empty() && address != own && !others.iter().any(|known| known == address)
            {
                others.push(address.to_owned());
            }
        }
        if own.is_empty() || others.is_empty() {
            return;
        }
        let kept = self.strings.keep(&others.join(";"));
        record.place(p::HS_ADDITIONAL_EMAILS, Value::Text(kept));
    }

    /// Notes `id:milliseconds` of the one that goes. What had been merged into it before is not
    /// carried over: the real property misses ids in the same way (dbt_hubspot issue 168).
    fn note_merged_vid(&mut self, record: &mut Record, gone: u64, at: Moment) {
        let entry = format!("{gone}:{}", at.millis());
        let before = self.text(record, p::HS_CALCULATED_MERGED_VIDS);
        let all = if before.is_empty() {
            entry
        } else {
            format!("{before};{entry}")
        };
        let kept = self.strings.keep(&all);
        record.place(p::HS_CALCULATED_MERGED_VIDS, Value::Text(kept));
    }

    fn text(&self, record: &Record, prop: Prop) -> String {
        match record.value(prop) {
            Some(Value::Text(sym)) => self.strings.text(sym).to_owned(),
            _ => String::new(),
        }
    }

    /// How many ids a record has, its own and those merged into it.
    pub(crate) fn identities(&self, kind: Kind, id: u64) -> usize {
        let record = self.table(kind).get(id);
        record.map_or(0, |record| self.merged_text(record).len())
    }

    /// Forgets which ids were merged into a record.
    pub(crate) fn forget_merged(&mut self, kind: Kind, survivor: u64) {
        let mut gone = vec![survivor];
        while let Some(id) = gone.pop() {
            gone.extend(
                self.merged
                    .iter()
                    .filter(|((of, _), to)| *of == kind && **to == id)
                    .map(|((_, old), _)| *old),
            );
            self.merged
                .retain(|(of, _), to| !(*of == kind && *to == id));
        }
    }
}
