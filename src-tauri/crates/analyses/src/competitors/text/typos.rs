//! Near misses: "Slaesforce" is put before a person, never counted on its own.

use super::folded::fold_name;

/// A name that near misses are looked for.
#[derive(Debug, Clone)]
pub(super) struct Near {
    folded: String,
    length: usize,
    words: usize,
    pub(super) competitor: usize,
}

/// Edits that a name of so many letters forgives: with fewer letters a miss is another word.
fn forgiven(length: usize) -> usize {
    match length {
        0..=4 => 0,
        5..=8 => 1,
        _ => 2,
    }
}

/// How alike two names of several words must be (Winkler 1990).
const ALIKE: f64 = 0.94;

/// English words that are a letter or two away from vendors; others come with the dictionary.
const WORDS: &[&str] = &[
    "dynamic",
    "insight",
    "insights",
    "sells",
    "workforce",
    "freshness",
    "fresh sales",
    "sales force",
    "intercoms",
    "teamlead",
    "team leader",
    "teamleads",
    "dynamiek",
    "dynamik",
    "dynamique",
    "dinamica",
    "attic",
    "agenda",
    "pipeline",
    "pipelines",
    "salesforces",
    "freshers",
    "sugary",
    "odor",
    "keep",
    "reply",
    "close",
    "closed",
    "closer",
    "salesperson",
    "zendesks",
    "outlook",
    "workable",
    "capsules",
    "insightful",
    "nutshells",
    "creation",
    "crates",
];

impl Near {
    /// The name of a competitor, unless it is too short to forgive anything.
    pub(super) fn new(name: &str, competitor: usize) -> Option<Self> {
        let folded = fold_name(name);
        let length = folded.chars().count();
        let near = Self {
            words: folded.split(' ').count(),
            length,
            folded,
            competitor,
        };
        (forgiven(length) > 0).then_some(near)
    }

    /// How many words it has.
    pub(super) fn words(&self) -> usize {
        self.words
    }

    /// How many edits a word is away, if few enough: insertions, deletions, changes, and neighbours
    /// exchanged, none of them twice at one place. The first letter must be right.
    pub(super) fn edits(&self, written: &str) -> Option<usize> {
        if self.folded.chars().next() != written.chars().next() || written == self.folded {
            return None;
        }
        let length = written.chars().count();
        let forgiven = forgiven(self.length.min(length));
        if length.abs_diff(self.length) > forgiven || WORDS.contains(&written) {
            return None;
        }
        // An s or 's at the end is grammar.
        if written
            .strip_suffix('s')
            .is_some_and(|stem| stem == self.folded)
        {
            return None;
        }
        let edits = strsim::osa_distance(&self.folded, written);
        let alike = self.words == 1 || strsim::jaro_winkler(&self.folded, written) >= ALIKE;
        (edits <= forgiven && alike).then_some(edits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, written: &str, edits: Option<usize>) {
        let found = Near::new(name, 0).and_then(|near| near.edits(written));
        assert_eq!(found, edits, "{name} {written}");
    }

    #[test]
    fn few_edits_are_forgiven_and_only_in_long_names() {
        check("Salesforce", "slaesforce", Some(1));
        check("Salesforce", "salesfroce", Some(1));
        check("Salesforce", "slesfroce", Some(2));
        check("Salesforce", "slesfrce", None);
        check("Salesforce", "slesfroxe", None);
        check("Salesforce", "zalesforce", None);
        check("Pipedrive", "pipdrive", Some(1));
        check("Zoho", "zohoo", None);
        check("Odoo", "odo", None);
        check("Dynamics", "dynamic", None);
        check("Sellsy", "selsy", Some(1));
        check("RD Station", "rd staton", Some(1));
        check("Salesforce", "salesforce", None);
    }
}
