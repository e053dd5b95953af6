//! HubSpot's counts of a type beside ours: the whole, and month by month.

use std::collections::{BTreeMap, BTreeSet};

use crm::{Moment, ObjectType};
use hubspot::{FilterGroup, SearchQuery, Sort};
use jiff::civil::Date;
use store::ObjectReconciliation;

use super::span::{Span, gaps, halves, month_of, start};
use crate::error::SyncError;
use crate::work::Work;

/// A type's counts, before anything is explained.
#[derive(Debug)]
pub(super) struct Counted {
    /// How many HubSpot counts in all.
    pub(super) theirs: u64,
    /// How many are here.
    pub(super) ours: u64,
    /// The months that were asked about now.
    pub(super) asked: Vec<Month>,
    /// How far the months' sum is from the whole.
    pub(super) unplaced: u64,
}

/// A month's counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Month {
    /// Its first day; `None` for the records without a date.
    pub(super) month: Option<Date>,
    pub(super) theirs: u64,
    pub(super) ours: u64,
}

impl Month {
    pub(super) fn span(&self, since: Moment) -> Span {
        self.month
            .map_or(Span::Undated, |month| Span::month(month, since))
    }
}

/// Asks HubSpot for the counts of one type.
#[derive(Clone, Copy)]
pub(super) struct Counter<'c, 'w> {
    pub(super) work: &'c Work<'w>,
    pub(super) object: &'c ObjectType,
    pub(super) since: Moment,
}

impl Counter<'_, '_> {
    /// Compares the whole type, and of its months those that may have come to differ: all of them
    /// when nothing is known, those whose own count has moved or did not agree otherwise. Where the
    /// sum of all months is not the whole, every month is asked about, also those of which nothing is
    /// here.
    pub(super) async fn compare(
        &self,
        known: Option<&ObjectReconciliation>,
    ) -> Result<Counted, SyncError> {
        let total = self.count(Span::Until(self.since)).await?;
        let ours = self.ours().await?;
        let mut theirs = Theirs::default();
        let undated = self.undated(&ours, known).await?;
        let mut open = Vec::new();
        for (month, count) in &ours.dated {
            match settled(known, Some(*month)).filter(|line| line.ours == *count) {
                Some(line) => theirs.remembered.insert(*month, line.theirs),
                None => {
                    open.push(*month);
                    None
                }
            };
        }
        // Months in which something was, and is no more.
        for line in known.iter().flat_map(|known| &known.months) {
            if let Some(month) = line.month.filter(|month| !ours.dated.contains_key(month)) {
                open.push(month);
            }
        }
        self.ask(&mut theirs, open).await?;
        if theirs.sum() != total {
            let remembered = std::mem::take(&mut theirs.remembered);
            self.ask(&mut theirs, remembered.into_keys().collect())
                .await?;
        }
        if theirs.sum() != total {
            self.ask_between(&mut theirs).await?;
        }
        // The index may have moved on meanwhile.
        let total = if theirs.sum() == total {
            total
        } else {
            self.count(Span::Until(self.since)).await?
        };
        let unplaced = theirs.sum().abs_diff(total);
        let dated = theirs.asked.into_iter().map(|(month, theirs)| Month {
            month: Some(month),
            theirs,
            ours: ours.dated.get(&month).copied().unwrap_or_default(),
        });
        Ok(Counted {
            theirs: total + undated.theirs,
            ours: ours.dated.values().sum::<u64>() + ours.undated,
            asked: undated.asked.into_iter().chain(dated).collect(),
            unplaced,
        })
    }

    /// How many records HubSpot counts in a stretch.
    pub(super) async fn count(&self, span: Span) -> Result<u64, SyncError> {
        let query = self.search(span)?.limited(1);
        let page = self.work.client.search(self.object, &query);
        Ok(self.work.ask(stream(self.object), page).await?.total)
    }

    fn search(&self, span: Span) -> Result<SearchQuery, SyncError> {
        let group = FilterGroup::of([span.filter(self.object)]);
        let group = group.map_err(|error| SyncError::HubSpot {
            stream: stream(self.object),
            error,
        })?;
        Ok(SearchQuery::matching(group))
    }

    async fn ours(&self) -> Result<Ours, SyncError> {
        let (object, since) = (self.object.clone(), self.since);
        let months = self
            .work
            .in_store(move |store| store.read(|c| store::months_of(c, &object, since)))
            .await?;
        let mut ours = Ours::default();
        for (month, count) in months {
            match month {
                Some(month) => drop(ours.dated.insert(month, count)),
                None => ours.undated = count,
            }
        }
        Ok(ours)
    }

    async fn undated(
        &self,
        ours: &Ours,
        known: Option<&ObjectReconciliation>,
    ) -> Result<Undated, SyncError> {
        let remembered = settled(known, None).map_or((0, 0), |line| (line.theirs, line.ours));
        if known.is_some() && remembered.1 == ours.undated {
            return Ok(Undated {
                theirs: remembered.0,
                asked: None,
            });
        }
        let theirs = self.count(Span::Undated).await?;
        let asked = (theirs > 0 || ours.undated > 0).then_some(Month {
            month: None,
            theirs,
            ours: ours.undated,
        });
        Ok(Undated { theirs, asked })
    }

    async fn ask(&self, theirs: &mut Theirs, months: Vec<Date>) -> Result<(), SyncError> {
        for month in months {
            let count = self.count(Span::month(month, self.since)).await?;
            theirs.asked.insert(month, count);
        }
        Ok(())
    }

    /// Looks for records in the months of which nothing is here, halving the stretches between.
    async fn ask_between(&self, theirs: &mut Theirs) -> Result<(), SyncError> {
        let last = month_of(self.since);
        let mut known: BTreeSet<Date> = theirs.asked.keys().copied().collect();
        let first = known.first().copied();
        if let Some(earliest) = self.earliest(first.map_or(self.since, start)).await? {
            // A month that is there already is asked about once more, which harms nothing.
            let count = self.count(Span::month(earliest, self.since)).await?;
            theirs.asked.insert(earliest, count);
            known.insert(earliest);
        }
        let mut open = gaps(&known, last);
        while let Some((first, last)) = open.pop() {
            let count = self.count(Span::months(first, last, self.since)).await?;
            if count == 0 {
                continue;
            }
            match halves((first, last)) {
                Some(halves) => open.extend(halves),
                None => drop(theirs.asked.insert(first, count)),
            }
        }
        Ok(())
    }

    /// The month of HubSpot's first record, where that lies before `before`.
    async fn earliest(&self, before: Moment) -> Result<Option<Date>, SyncError> {
        let property = self.object.created_property();
        let query = self
            .search(Span::Until(before))?
            .sorted(Sort::ascending(property))
            .with_properties([property])
            .limited(1);
        let page = self.work.client.search(self.object, &query);
        let page = self.work.ask(stream(self.object), page).await?;
        Ok(page.results.first().and_then(|record| {
            let said = record.properties.get(property).and_then(|said| said.text());
            let at = said.and_then(|text| text.parse().ok());
            at.or(record.created_at).map(month_of)
        }))
    }
}

/// What was found of a month before, as long as it needs no second look.
fn settled(known: Option<&ObjectReconciliation>, month: Option<Date>) -> Option<&store::MonthLine> {
    let line = known?.months.iter().find(|line| line.month == month)?;
    line.is_settled().then_some(line)
}

#[derive(Debug, Default)]
struct Ours {
    dated: BTreeMap<Date, u64>,
    undated: u64,
}

#[derive(Debug, Default)]
struct Theirs {
    asked: BTreeMap<Date, u64>,
    remembered: BTreeMap<Date, u64>,
}

impl Theirs {
    fn sum(&self) -> u64 {
        self.asked.values().chain(self.remembered.values()).sum()
    }
}

struct Undated {
    theirs: u64,
    asked: Option<Month>,
}

/// The name under which progress is told.
pub(super) fn stream(object: &ObjectType) -> String {
    format!("verify/{object}")
}
