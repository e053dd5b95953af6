//! Texts of every shape: nothing that somebody wrote may end the process or be shown at a wrong place.

use analyses::competitors::text::{
    Alias, Competitor, CompetitorId, Dictionary, DictionaryError, Format, Matching, Reader, Role,
};
use proptest::prelude::{ProptestConfig, any, prop_assert, proptest};

use crate::labelled::reader;

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_and_every_place_lies_in_it(
        noise in any::<String>(),
        piece in "(<p>|<li>|&amp;|&|<|>|\n|On x wrote:|ﬁ|ß|é|İ|Zoho|went with |not |SALESFORCE|close |, ){0,30}",
        html in any::<bool>(),
    ) {
        let reader = READER.with(Clone::clone);
        let format = if html { Format::Html } else { Format::Plain };
        for text in [noise.clone(), piece.clone(), format!("{noise}{piece}"), format!("{piece}{noise}")] {
            let reading = reader.read(&text, format);
            for mention in &reading.mentions {
                let (from, to) = mention.span;
                prop_assert!(from < to && text.get(from..to).is_some(), "{mention:?} {text:?}");
                let (begin, end) = mention.sentence_span;
                prop_assert!(begin <= from && to <= end && text.get(begin..end).is_some());
            }
            for (from, to) in reading.proposals.iter().map(|p| p.span)
                .chain(reading.review.iter().map(|s| s.span))
                .chain(reading.reasons.iter().map(|r| r.span))
            {
                prop_assert!(text.get(from..to).is_some(), "{text:?}");
            }
        }
    }
}

std::thread_local! {
    static READER: std::rc::Rc<Reader> = std::rc::Rc::new(reader());
}

#[test]
fn a_long_note_is_read_to_its_end() {
    let filler = "Talked through the rollout plan with the team. ".repeat(400);
    let text = format!("{filler}They went with Zoho. {filler}");
    let reading = reader().read(&text, Format::Plain);
    let [mention] = reading.mentions.as_slice() else {
        panic!("{:?}", reading.mentions)
    };
    assert_eq!(&text[mention.span.0..mention.span.1], "Zoho");
    assert_eq!(mention.sentence, "They went with Zoho.");
    assert_eq!(mention.role, Role::LostTo);
}

/// What is a cube of the names elsewhere takes minutes here.
#[test]
fn a_pasted_list_without_an_end_is_read() {
    let text = format!("They chose {}", "Zoho, ".repeat(10_000));
    let reading = reader().read(&text, Format::Plain);
    assert_eq!(reading.mentions.len(), 10_000);
    assert_eq!(reading.mentions[0].role, Role::LostTo);
    assert!(
        reading
            .mentions
            .iter()
            .all(|mention| mention.sentence.len() < 1_000)
    );
}

#[test]
fn a_sentence_is_given_as_it_is_read() {
    let text = "<p>Call.</p><p>They <b>went with</b>&nbsp;Zoho &amp; co. Sad.</p>";
    let reading = reader().read(text, Format::Html);
    let mention = &reading.mentions[0];
    assert_eq!(mention.sentence, "They went with\u{a0}Zoho & co.");
    assert_eq!(&text[mention.span.0..mention.span.1], "Zoho");
}

#[test]
fn what_is_denied_is_kept_and_does_not_count() {
    let reading = reader().read("They never considered Zoho.", Format::Plain);
    assert!(reading.mentions[0].negated);
    assert!(reading.competitors().is_empty());
}

/// A sentence of a note tells of somebody who is looked at; the same words as the reason of a loss
/// name the reason.
#[test]
fn who_stands_in_a_sentence_without_a_role_is_looked_at_or_the_reason() {
    let check = |text: &str, role: Role, as_reason: Role| {
        let reading = reader().read(text, Format::Plain);
        let zoho = CompetitorId::new("zoho");
        assert_eq!(reading.competitors(), [(&zoho, role)], "{text}");
        assert_eq!(
            reading.competitors_as_reason(),
            [(&zoho, as_reason)],
            "{text}"
        );
    };
    let golf = "The CFO plays golf every Friday with somebody of Zoho";
    check(golf, Role::Evaluated, Role::Mentioned);
    check("Zoho", Role::Mentioned, Role::Mentioned);
    check(
        "They compared us with Zoho",
        Role::Evaluated,
        Role::Evaluated,
    );
    check("Lost to Zoho", Role::LostTo, Role::LostTo);
}

#[test]
fn a_confirmed_misspelling_is_an_alias() {
    let text = "lost to slesfroce";
    let mut dictionary = reader().dictionary().clone();
    let waiting = reader().read(text, Format::Plain);
    assert_eq!(waiting.review[0].written, "slesfroce");
    assert!(waiting.mentions.is_empty() && waiting.proposals.is_empty());
    dictionary.competitors[0].aliases.push(Alias {
        text: waiting.review[0].written.clone(),
        matching: Matching::AnyCase,
        ordinary_word: false,
    });
    let read = Reader::new(dictionary).unwrap().read(text, Format::Plain);
    assert_eq!(
        read.competitors(),
        [(&CompetitorId::new("salesforce"), Role::LostTo)]
    );
    assert!(read.review.is_empty());
}

#[test]
fn a_dictionary_that_cannot_be_used_is_refused() {
    let competitor = |id: &str, names: &[&str]| Competitor {
        id: CompetitorId::new(id),
        name: id.to_owned(),
        aliases: names
            .iter()
            .map(|name| Alias {
                text: (*name).to_owned(),
                matching: Matching::AnyCase,
                ordinary_word: false,
            })
            .collect(),
    };
    let refused = |competitors: Vec<Competitor>, own: &str| {
        let own_names = if own.is_empty() {
            vec![]
        } else {
            vec![own.to_owned()]
        };
        Reader::new(Dictionary {
            competitors,
            own_names,
            ordinary_words: vec![],
        })
        .err()
    };
    let short = Some(DictionaryError::Short("a".to_owned()));
    assert_eq!(refused(vec![competitor("a", &["!"])], ""), short);
    let shared = Some(DictionaryError::Shared("a".to_owned()));
    assert_eq!(
        refused(
            vec![competitor("a", &["Zoho"]), competitor("b", &["ZOHO"])],
            ""
        ),
        shared
    );
    assert_eq!(
        refused(vec![competitor("a", &["Nordwind"])], "nordwind"),
        shared
    );
    let twice = Some(DictionaryError::Twice("a".to_owned()));
    assert_eq!(
        refused(
            vec![competitor("a", &["Zoho"]), competitor("a", &["Odoo"])],
            ""
        ),
        twice
    );
    assert_eq!(refused(vec![competitor("a", &["Zoho", "zoho"])], ""), None);
}
