//! What scenarios leave switched on.

use crate::portal::kind::Kind;

/// Why an object type answers 403.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closed {
    /// The token lacks the scope.
    Scope,
    /// The account lacks the plan.
    Plan,
}

/// Everything that is switched on. The default is a well-behaved HubSpot.
#[derive(Debug, Default)]
pub(crate) struct Quirks {
    /// Empty pages stand between the full ones.
    pub empty_pages: bool,
    /// So many pages still lead to themselves.
    pub repeated_cursors: u64,
    /// Search ends here instead of at ten thousand.
    pub search_cap: Option<usize>,
    /// Associations of a record that a batch shows at once.
    pub association_page: Option<usize>,
    /// Characters of an address.
    pub longest_address: Option<usize>,
    /// Every other search lags.
    pub uneven_lag: bool,
    /// A search from the epoch on fails.
    pub epoch_fails: bool,
    /// Unknown tokens answer 530.
    pub bad_token_page: bool,
    /// Windows of search are a millisecond too wide below.
    pub wide_windows: bool,
    /// So many searches still answer a row that was edited meanwhile.
    pub edits_in_flight: u64,
    /// Object types that answer 403.
    pub closed: Vec<(Kind, Closed)>,
    /// Record ids are numbers.
    pub record_ids_as_numbers: bool,
    /// Ids of associated records are numbers.
    pub association_ids_as_numbers: bool,
    /// Access tokens end with this call, counted from the switch.
    pub expire_at_call: Option<u64>,
    /// A record of this type changes with every so-manieth call.
    pub busy: Option<(Kind, u64)>,
    /// So many pages of this type are still edited right after they were read.
    pub edits_after_list: Option<(Kind, u64)>,
    /// Calls of the API so far.
    pub calls: u64,
}

/// Where a page of a search begins among what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Results before the page.
    pub skip: usize,
    /// Results on the page at most.
    pub take: usize,
}

impl Quirks {
    /// Where the page at this offset lies. With empty pages every other page of the offsets is a
    /// hole.
    pub(crate) fn place(&self, offset: usize, limit: usize) -> Place {
        if !self.empty_pages || limit == 0 {
            return Place {
                skip: offset,
                take: limit,
            };
        }
        let (turn, within) = (offset / (2 * limit), offset % (2 * limit));
        Place {
            skip: turn * limit + within.min(limit),
            take: limit.saturating_sub(within),
        }
    }

    /// Why this type answers 403, if it does.
    pub(crate) fn closed(&self, kind: Kind) -> Option<Closed> {
        self.closed
            .iter()
            .find(|(of, _)| *of == kind)
            .map(|(_, why)| *why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_pages_lose_nothing() {
        let quirks = Quirks {
            empty_pages: true,
            ..Quirks::default()
        };
        let all: Vec<usize> = (0..17).collect();
        let mut seen = Vec::new();
        let mut empty = 0;
        let mut offset = 0;
        loop {
            let place = quirks.place(offset, 5);
            let page: Vec<usize> = all
                .iter()
                .copied()
                .skip(place.skip)
                .take(place.take)
                .collect();
            empty += usize::from(page.is_empty());
            seen.extend(page);
            offset += 5;
            if place.skip + place.take >= all.len() {
                break;
            }
        }
        assert_eq!(seen, all);
        assert_eq!(empty, 3);
    }
}
