//! Competitors: what the reader of texts finds, and what is counted over it. The reader is measured
//! against texts that a person has labelled.
//!
//! `development.jsonl` was open while the rules were written; `held_out.jsonl` was written when they
//! stood, and measured once before anybody looked. README.md says how the texts are labelled, and what
//! that first measure was. `unseen.jsonl` was written after that, measured once, and its errors have
//! not been looked at. `implied.jsonl` was open, and holds roles that no verb of losing or winning tells;
//! `frozen.jsonl` was written with it and kept aside.

#![allow(
    clippy::print_stdout,
    reason = "the figures are what these tests are read for"
)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop where its fixture is damaged"
)]

#[path = "../schema/mod.rs"]
mod schema;
#[path = "../world/mod.rs"]
mod world;

mod alerts;
mod awkward;
mod data;
mod deals;
mod labelled;
mod matrix;
mod report;
mod scores;
mod texts;

use labelled::{labelled, reader};
use scores::Scores;

/// What is asked of the reader; each is met by the figure itself, its interval is printed.
const PRECISION: f64 = 0.98;
const RECALL: f64 = 0.95;
const ROLES: f64 = 0.90;

/// What the reader reached of `held_out.jsonl` after its kinds of errors were mended: floors, so that
/// nothing is lost again. They are no claim about texts that nobody has seen; README.md has that.
const HELD_OUT: [f64; 3] = [0.99, 0.955, 0.90];

/// What the reader reached of `unseen.jsonl`, which rules are not to be worked on with.
const UNSEEN: [f64; 3] = [0.955, 0.984, 0.861];

/// What the reader reached of `implied.jsonl`, which was open, and of `frozen.jsonl`, whose errors have not
/// been looked at, by who wrote both its texts and the rules: floors again.
const IMPLIED: [f64; 3] = [0.985, 0.99, 0.91];
const FROZEN: [f64; 3] = [0.99, 0.94, 0.88];

fn measured(parts: &[&str]) -> Scores {
    READER.with(|reader| {
        let mut scores = Scores::default();
        for text in parts.iter().flat_map(|part| labelled(part)) {
            scores.add(&text, &reader.read(&text.text, text.format()));
        }
        scores
    })
}

std::thread_local! {
    static READER: analyses::competitors::text::Reader = reader();
}

#[track_caller]
fn check(part: &str, texts: u32, [precision, recall, roles]: [f64; 3]) {
    let scores = measured(&[part]);
    println!("{part}\n{scores}");
    assert!(scores.texts >= texts);
    assert!(scores.precision() >= precision, "{scores}");
    assert!(scores.recall() >= recall, "{scores}");
    assert!(scores.roles() >= roles, "{scores}");
}

#[test]
fn competitors_are_found_as_a_person_finds_them() {
    check("development", 500, [PRECISION, RECALL, ROLES]);
    check("held_out", 200, HELD_OUT);
    check("unseen", 70, UNSEEN);
    check("implied", 220, IMPLIED);
    check("frozen", 100, FROZEN);
}

/// What is wrong, text by text: the list that rules are worked on with. Of the unseen and the
/// frozen part it shows nothing.
#[test]
#[ignore = "prints the texts that are read wrongly"]
fn what_is_read_wrongly() {
    for line in measured(&["development", "held_out", "implied"]).wrong {
        println!("{line}");
    }
}

/// A mention opens the very letters that it was found in.
#[test]
fn every_mention_opens_its_place() {
    let reader = reader();
    for text in ["development", "held_out", "implied"]
        .into_iter()
        .flat_map(labelled)
    {
        let reading = reader.read(&text.text, text.format());
        for mention in &reading.mentions {
            let (from, to) = mention.span;
            let name = text.text.get(from..to).unwrap();
            assert!(
                !name.trim().is_empty() && name.trim() == name,
                "{name:?} in {}",
                text.text
            );
            let (begin, end) = mention.sentence_span;
            assert!(
                begin <= from && to <= end,
                "{name} of {:?} in {}",
                mention.sentence,
                text.text
            );
            assert!(text.text.get(begin..end).is_some());
        }
    }
}

/// How long many texts take. Prints, and asserts nothing about time: run it by hand with
/// `cargo test --release -p analyses --test competitors -- --ignored --nocapture thousand`.
#[test]
#[ignore = "prints how long things take; nothing to fail"]
fn a_hundred_thousand_texts() {
    let start = std::time::Instant::now();
    let reader = reader();
    println!("reader: {:?}", start.elapsed());
    let texts: Vec<_> = ["development"].into_iter().flat_map(labelled).collect();
    let start = std::time::Instant::now();
    let mut bytes = 0;
    let mut mentions = 0;
    for text in texts.iter().cycle().take(100_000) {
        bytes += text.text.len();
        mentions += reader.read(&text.text, text.format()).mentions.len();
    }
    println!(
        "100,000 texts, {bytes} bytes, {mentions} mentions: {:?}",
        start.elapsed()
    );
}
