//! The labelled texts.

use std::collections::BTreeMap;
use std::path::Path;

use analyses::competitors::text::{CompetitorId, Format, Reader, Reason, Role};
use serde::Deserialize;

/// A text, and what a person reads in it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Labelled {
    /// The language it is mostly in, two letters.
    pub(crate) language: String,
    pub(crate) text: String,
    #[serde(default)]
    html: bool,
    /// Competitors that are there, with their roles. Those that are denied are not there.
    pub(crate) competitors: BTreeMap<CompetitorId, Role>,
    /// Reasons without a competitor.
    #[serde(default)]
    pub(crate) reasons: Vec<Reason>,
    /// Names that the dictionary does not have.
    #[serde(default)]
    pub(crate) unknown: Vec<String>,
}

impl Labelled {
    pub(crate) fn format(&self) -> Format {
        if self.html {
            Format::Html
        } else {
            Format::Plain
        }
    }
}

fn file(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/competitors");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

/// The texts of a part, in order.
pub(crate) fn labelled(part: &str) -> Vec<Labelled> {
    file(&format!("{part}.jsonl"))
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// A reader for the dictionary that the labels are about.
pub(crate) fn reader() -> Reader {
    Reader::new(serde_json::from_str(&file("dictionary.json")).unwrap()).unwrap()
}
