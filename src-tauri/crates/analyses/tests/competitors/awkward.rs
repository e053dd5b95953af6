//! What goes wrong with texts and properties in real portals: B5d of the analyses' notes, case by case.

use std::collections::BTreeMap;

use analyses::competitors::text::{CompetitorId, Format, Reader, Role};
use analyses::competitors::{
    AlertRule, CompetitorList, CompetitorQuestion, CompetitorReport, Deal, DealValue, ListChange,
    ListError, Outcome, PropertyValues, Source, Text, competitors, propose_property,
    texts_of_property,
};
use crm::{Moment, RecordId};
use jiff::SignedDuration;

use crate::labelled::reader;

fn day(n: i64) -> Moment {
    Moment::from_millis(1_704_067_200_000).plus(SignedDuration::from_hours(24 * n))
}

fn roles(text: &str) -> Vec<(String, Role)> {
    let reading = reader().read(text, Format::Plain);
    let found = reading.competitors().into_iter();
    found
        .map(|(id, role)| (id.as_str().to_owned(), role))
        .collect()
}

fn check(text: &str, expected: &[(&str, Role)]) {
    let found = roles(text);
    let found: Vec<(&str, Role)> = found
        .iter()
        .map(|(id, role)| (id.as_str(), *role))
        .collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn a_name_within_ones_own_is_none() {
    check("They love Nordwind Front Desk", &[]);
    check(
        "Nordwind Clay Studio won, Front lost",
        &[("front", Role::Mentioned)],
    );
}

#[test]
fn reasons_in_other_languages_are_read() {
    check(
        "haben sich für Pipedrive entschieden",
        &[("pipedrive", Role::LostTo)],
    );
    check("ont choisi Salesforce", &[("salesforce", Role::LostTo)]);
    check("eligieron Zoho", &[("zoho", Role::LostTo)]);
}

#[test]
fn pictures_between_words_do_no_harm() {
    check("😭😭 lost to Pipedrive 🚀", &[("pipedrive", Role::LostTo)]);
    check("🎉", &[]);
    check("👩‍👩‍👧‍👦Zoho🇩🇪", &[("zoho", Role::Mentioned)]);
}

/// Ten thousand characters with the name at the very end, in a second.
#[test]
fn a_note_of_ten_thousand_letters_is_read_to_its_end() {
    let note = format!("{} They went with Pipedrive.", "We met again. ".repeat(720));
    assert!(note.len() > 10_000);
    check(&note, &[("pipedrive", Role::LostTo)]);
}

fn deal(id: u64, outcome: Outcome) -> Deal {
    Deal {
        id: RecordId::new(id),
        outcome,
        segment: String::new(),
        stage: String::new(),
        company: None,
        owner: None,
        amount: None,
        undecided: false,
    }
}

fn value(deal: u64, at: Option<i64>, value: &str) -> DealValue {
    DealValue {
        deal: RecordId::new(deal),
        at: at.map(day),
        value: value.to_owned(),
    }
}

/// What a property said, as texts: deal, day, text.
fn said(
    property: &PropertyValues,
    outcomes: &[(u64, Outcome)],
    as_of: i64,
) -> Vec<(u64, Option<Moment>, String)> {
    let outcomes = outcomes
        .iter()
        .map(|(id, outcome)| (RecordId::new(*id), *outcome))
        .collect::<BTreeMap<_, _>>();
    texts_of_property(property, &outcomes, day(as_of))
        .into_iter()
        .map(|text: Text| (text.deal.get(), text.at, text.text))
        .collect()
}

#[test]
fn reasons_are_dated_by_their_versions_and_else_by_the_close() {
    let property = PropertyValues {
        source: Source::LossReason,
        at_close: true,
        values: vec![
            value(1, Some(10), "price"),
            value(1, Some(20), "Went with Zoho"),
            value(2, None, "Lost to Odoo"),
            value(3, None, "on a deal that is open"),
            value(4, Some(30), "price"),
            value(4, Some(31), ""),
        ],
    };
    let outcomes = [
        (1, Outcome::Lost(day(9))),
        (2, Outcome::Lost(day(12))),
        (3, Outcome::Open),
        (4, Outcome::Lost(day(29))),
    ];
    let first = (1, Some(day(10)), "price".to_owned());
    let dated_by_close = (2, Some(day(12)), "Lost to Odoo".to_owned());
    assert_eq!(
        said(&property, &outcomes, 15),
        [first, dated_by_close.clone()]
    );
    let corrected = (1, Some(day(20)), "Went with Zoho".to_owned());
    assert_eq!(said(&property, &outcomes, 40), [corrected, dated_by_close]);
}

/// What was known a day before the close counts, and what it was corrected to afterwards as well.
#[test]
fn a_competitor_property_is_dated_by_when_it_was_set() {
    let property = PropertyValues {
        source: Source::Property,
        at_close: false,
        values: vec![
            value(1, Some(1), "Zoho"),
            value(1, Some(5), "Zoho"),
            value(1, Some(30), "Odoo"),
            value(2, None, "Attio"),
            value(9, Some(1), "of a deal that is not asked about"),
        ],
    };
    let outcomes = [(1, Outcome::Lost(day(20))), (2, Outcome::Open)];
    let zoho = (1, Some(day(1)), "Zoho".to_owned());
    let undated = (2, None, "Attio".to_owned());
    assert_eq!(
        said(&property, &outcomes, 10),
        [zoho.clone(), undated.clone()]
    );
    let odoo = (1, Some(day(30)), "Odoo".to_owned());
    assert_eq!(said(&property, &outcomes, 40), [zoho, odoo, undated]);
}

fn report(texts: &[Text], list: &CompetitorList) -> CompetitorReport {
    let reader = Reader::new(list.dictionary.clone()).unwrap();
    let deals = (1..=6).map(|id| deal(id, Outcome::Lost(day(20)))).collect();
    let question = CompetitorQuestion {
        as_of: day(60),
        weeks: 13,
        rule: AlertRule::default(),
        seed: 1,
    };
    competitors(&reader, deals, texts, &question).unwrap()
}

/// A property that names somebody who is not listed puts the name before a person, and so does a
/// misspelling; once decided, both count or are silent for good.
#[test]
fn names_wait_until_a_person_has_decided() {
    let texts: Vec<Text> = [
        (1, Source::Property, "Vtiger"),
        (2, Source::Property, "No competitor"),
        (3, Source::LossReason, "lost to Pipedirve"),
    ]
    .map(|(id, source, text)| Text {
        deal: RecordId::new(id),
        source,
        at: Some(day(3)),
        format: Format::Plain,
        text: text.to_owned(),
    })
    .to_vec();
    let changed = |list: &CompetitorList, change: ListChange| list.after(&change).unwrap();
    let name = "Pipedrive".to_owned();
    let list = changed(
        &CompetitorList::default(),
        ListChange::Add { name: name.clone() },
    );
    let fuzzy = ListChange::Alias {
        competitor: name.clone(),
        text: name.clone(),
        matching: analyses::competitors::text::Matching::FuzzyOk,
        ordinary_word: false,
    };
    let list = changed(&list, fuzzy);
    let waiting = |list: &CompetitorList| -> Vec<String> {
        let rows = report(&texts, list).waiting.into_iter();
        rows.map(|row| row.name).collect()
    };
    assert_eq!(waiting(&list), ["Pipedirve", "Vtiger"]);
    let confirmed = ListChange::Confirm {
        name: "Pipedirve".to_owned(),
        competitor: Some("pipedrive".to_owned()),
    };
    let list = changed(&list, confirmed);
    let dismissed = ListChange::Dismiss {
        name: "Vtiger".to_owned(),
    };
    let list = changed(&list, dismissed);
    assert!(waiting(&list).is_empty());
    let cells = report(&texts, &list).cells;
    assert_eq!(cells[0].lost_deals, [RecordId::new(3)]);
    // Whoever was dismissed may be listed after all.
    let add = ListChange::Add {
        name: "Vtiger".to_owned(),
    };
    let list = changed(&list, add);
    assert_eq!(list.find("vtiger").unwrap().id, CompetitorId::new("vtiger"));
    assert!(list.dictionary.ordinary_words.is_empty());
    let again = ListChange::Add { name };
    assert_eq!(list.after(&again), Err(ListError::Already));
}

/// A property keeps its internal name when people rename it, so a renamed one is still the chosen one;
/// and whatever language its label is in, it is proposed.
#[test]
fn properties_are_proposed_by_name_or_label() {
    let check = |name: &str, label: &str, expected: Option<bool>| {
        let found = propose_property(name, label);
        assert_eq!(found.as_ref().map(|of| of.lost_to), expected, "{name}");
        assert!(found.is_none_or(|of| of.name == name));
    };
    check("main_competitor", "Main competitor", Some(false));
    check("main_competitor", "Who else?", Some(false));
    check("field_17", "Wettbewerber", Some(false));
    check("field_18", "Lost to", Some(true));
    check("verloren_an", "Verloren an", Some(true));
    check("concurrent_principal", "Concurrent principal", Some(false));
    check("amount", "Amount", None);
}
