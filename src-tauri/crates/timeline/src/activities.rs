//! What happened around deals: calls, e-mails, meetings, notes, tasks and messages, in a few flat
//! arrays of ten bytes an activity.

use crm::{Moment, ObjectType, RecordId};

use crate::histories::{DealIx, Timeline, narrow};

/// What kind of activity it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActivityKind {
    /// A call.
    Call,
    /// A message by WhatsApp, LinkedIn or SMS.
    Communication,
    /// A one-to-one e-mail.
    Email,
    /// A meeting that took place.
    Meeting,
    /// A note.
    Note,
    /// A task that was done.
    Task,
}

impl ActivityKind {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Call,
        Self::Communication,
        Self::Email,
        Self::Meeting,
        Self::Note,
        Self::Task,
    ];

    /// HubSpot's type of the records.
    #[must_use]
    pub fn object_type(self) -> ObjectType {
        match self {
            Self::Call => ObjectType::CALLS,
            Self::Communication => ObjectType::COMMUNICATIONS,
            Self::Email => ObjectType::EMAILS,
            Self::Meeting => ObjectType::MEETINGS,
            Self::Note => ObjectType::NOTES,
            Self::Task => ObjectType::TASKS,
        }
    }

    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Some(match name {
            "calls" => Self::Call,
            "communications" => Self::Communication,
            "emails" => Self::Email,
            "meetings" => Self::Meeting,
            "notes" => Self::Note,
            "tasks" => Self::Task,
            _ => return None,
        })
    }
}

/// Who began it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// The other side.
    In,
    /// Us.
    Out,
}

/// One activity of a deal, or of another record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Activity {
    /// What it is.
    pub kind: ActivityKind,
    /// Who began it, where that has a meaning and is known.
    pub direction: Option<Direction>,
    /// When it happened, rounded up to a second: a task when it was done, a meeting when it began.
    pub happened_at: Moment,
    /// When it had happened and was on record, whichever came later: what a rep logs a week
    /// afterwards was not known in that week.
    pub known_at: Moment,
    /// From when on it is gone, for one that was deleted.
    pub gone_at: Option<Moment>,
    /// Whether the e-mail was ever opened, by HubSpot's counter, which tells no time. Programs open
    /// e-mails too.
    pub opened: bool,
    /// Whether the e-mail was ever replied to, by HubSpot's counter, which tells no time.
    pub replied: bool,
    /// Whether a program or a bulk action made it. None where nothing tells.
    pub automatic: Option<bool>,
}

/// The activities of all deals, deal by deal, in the order in which they became known; or those of another
/// type's records.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Activities {
    /// From where to before where each deal's activities are.
    ranges: Vec<(u32, u32)>,
    /// In seconds since 1970, up to the year 2106.
    known_at: Vec<u32>,
    happened_at: Vec<u32>,
    marks: Vec<u16>,
    /// By place: few are ever deleted.
    gone_at: Vec<(u32, Moment)>,
}

const KIND: u16 = 0b111;
const IN: u16 = 1 << 3;
const OUT: u16 = 1 << 4;
const OPENED: u16 = 1 << 5;
const REPLIED: u16 = 1 << 6;
const AUTOMATIC: u16 = 1 << 7;
const BY_HAND: u16 = 1 << 8;

/// Rounded up, so that nothing is known before its time.
fn seconds(at: Moment) -> Option<u32> {
    let millis = at.millis();
    u32::try_from(millis.div_euclid(1000) + i64::from(millis.rem_euclid(1000) > 0)).ok()
}

fn moment(seconds: u32) -> Moment {
    Moment::from_millis(i64::from(seconds) * 1000)
}

fn marks(activity: &Activity) -> u16 {
    let flag = |is: bool, bit: u16| if is { bit } else { 0 };
    activity.kind as u16
        | flag(activity.direction == Some(Direction::In), IN)
        | flag(activity.direction == Some(Direction::Out), OUT)
        | flag(activity.opened, OPENED)
        | flag(activity.replied, REPLIED)
        | flag(activity.automatic == Some(true), AUTOMATIC)
        | flag(activity.automatic == Some(false), BY_HAND)
}

impl Activities {
    fn get(&self, place: usize) -> Activity {
        let marks = self.marks[place];
        let has = |bit: u16| marks & bit != 0;
        let gone = self
            .gone_at
            .binary_search_by_key(&narrow(place), |gone| gone.0);
        Activity {
            kind: ActivityKind::ALL[usize::from(marks & KIND) % ActivityKind::ALL.len()],
            direction: match (has(IN), has(OUT)) {
                (true, _) => Some(Direction::In),
                (_, true) => Some(Direction::Out),
                (false, false) => None,
            },
            happened_at: moment(self.happened_at[place]),
            known_at: moment(self.known_at[place]),
            gone_at: gone.ok().map(|at| self.gone_at[at].1),
            opened: has(OPENED),
            replied: has(REPLIED),
            automatic: match (has(AUTOMATIC), has(BY_HAND)) {
                (true, _) => Some(true),
                (_, true) => Some(false),
                (false, false) => None,
            },
        }
    }

    fn range(&self, row: usize) -> std::ops::Range<usize> {
        let &(from, until) = self.ranges.get(row).unwrap_or(&(0, 0));
        from as usize..until as usize
    }

    /// Those of a row that were known at `t`: they had happened, were on record, and not deleted.
    pub(crate) fn until(&self, row: usize, t: Moment) -> impl Iterator<Item = Activity> + '_ {
        let range = self.range(row);
        let known = self.known_at[range.clone()].partition_point(|&at| moment(at) <= t);
        (range.start..range.start + known)
            .map(|place| self.get(place))
            .filter(move |activity| activity.gone_at.is_none_or(|gone| t < gone))
    }
}

impl Timeline {
    /// All activities of a deal, those that were deleted included, in the order in which they became
    /// known.
    pub fn activities(&self, deal: DealIx) -> impl ExactSizeIterator<Item = Activity> + '_ {
        self.activities
            .range(deal.index())
            .map(|place| self.activities.get(place))
    }

    /// The activities of a deal that were known at `t`: they had happened, were on record, and not
    /// deleted.
    pub fn activities_until(&self, deal: DealIx, t: Moment) -> impl Iterator<Item = Activity> + '_ {
        self.activities.until(deal.index(), t)
    }

    /// How many activities all deals have together.
    #[must_use]
    pub fn activity_count(&self) -> usize {
        self.activities.marks.len()
    }
}

/// Fills the arrays deal by deal.
#[derive(Default)]
pub(crate) struct ActivitiesBuilder {
    done: Activities,
    /// The deals that are complete, each with where its activities end.
    deals: Vec<(RecordId, u32)>,
    at_hand: Option<RecordId>,
    /// Those of the deal at hand, in any order.
    pending: Vec<(u32, u32, u16, Option<Moment>)>,
}

impl ActivitiesBuilder {
    /// An activity of a deal, in the order of the deals' ids; those of one deal in any order. One of no
    /// year that has a number of seconds is left out.
    pub(crate) fn add(&mut self, deal: RecordId, activity: &Activity) {
        if self.at_hand != Some(deal) {
            self.end_of_deal();
            self.at_hand = Some(deal);
        }
        let known = seconds(activity.known_at.max(activity.happened_at));
        if let (Some(known), Some(happened)) = (known, seconds(activity.happened_at)) {
            self.pending
                .push((known, happened, marks(activity), activity.gone_at));
        }
    }

    fn end_of_deal(&mut self) {
        self.pending.sort_unstable();
        for (known, happened, marks, gone) in self.pending.drain(..) {
            if let Some(gone) = gone {
                self.done
                    .gone_at
                    .push((narrow(self.done.marks.len()), gone));
            }
            self.done.known_at.push(known);
            self.done.happened_at.push(happened);
            self.done.marks.push(marks);
        }
        if let Some(deal) = self.at_hand.take() {
            self.deals.push((deal, narrow(self.done.marks.len())));
        }
    }

    /// All of them, with the ids that have any.
    pub(crate) fn finish_with_ids(mut self) -> (Vec<RecordId>, Activities) {
        self.end_of_deal();
        let ids: Vec<RecordId> = self.deals.iter().map(|(id, _)| *id).collect();
        let activities = self.finish(&ids);
        (ids, activities)
    }

    /// All of them, for the deals with these ids. Those of deals that are not among them are in
    /// nobody's range.
    pub(crate) fn finish(mut self, ids: &[RecordId]) -> Activities {
        self.end_of_deal();
        let mut deals = self.deals.iter().peekable();
        let mut from = 0;
        let ranges = ids.iter().map(|id| {
            while let Some((_, until)) = deals.next_if(|(deal, _)| deal < id) {
                from = *until;
            }
            let until = deals.next_if(|(deal, _)| deal == id);
            let range = (from, until.map_or(from, |(_, until)| *until));
            from = range.1;
            range
        });
        self.done.ranges = ranges.collect();
        self.done
    }
}
