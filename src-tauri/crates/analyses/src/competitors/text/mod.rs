//! Competitors in what people wrote: loss reasons, notes, subjects of e-mails.
//!
//! 1. `plain` takes markup off, `quotes` drops what a reply quotes; both remember where each letter
//!    came from.
//! 2. `folded` makes letters comparable: compatibility forms, case and accents go.
//! 3. `matches` finds all names and all cues in one pass each, only between word boundaries.
//! 4. `ordinary` and `vendors` decide whether "close" is the vendor or the word.
//! 5. `roles` reads the cues around a name: `governing` finds the phrase that speaks of it, `denial`
//!    whether it is said not to be there, `stations` follows ways from one vendor to the next, and
//!    `outcome` concludes from the rest of the text what no phrase says.
//! 6. `typos` puts near misses into a queue for a person, `proposals` puts names there that nobody
//!    listed.
//!
//! Rules instead of a learned model, so that each decision can be read and argued with.

mod denial;
mod dictionary;
mod folded;
mod governing;
mod lexicon;
mod matches;
mod names;
mod ordinary;
mod outcome;
mod page;
mod plain;
mod proposals;
mod quotes;
mod reader;
mod reading;
mod reasons;
mod roles;
mod stations;
mod tokens;
mod typos;
mod vendors;
mod words;

/// A text with letters made comparable: compatibility forms, case and accents go.
#[must_use]
pub fn folded(text: &str) -> String {
    folded::fold_name(text.trim())
}

pub use dictionary::{Alias, Competitor, CompetitorId, Dictionary, DictionaryError, Matching};
pub use plain::Format;
pub use reader::Reader;
pub use reading::{Mention, Proposal, Reading, ReasonFound, Suspect};
pub use roles::{Reason, Role};
