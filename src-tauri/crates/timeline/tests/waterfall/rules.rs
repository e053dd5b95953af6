//! Each rule by a deal that needs it. The moments compared are day 10 and day 50; where a close date
//! decides, the period is days 100 to 199.

use crm::OwnerId;
use timeline::waterfall::{Line, Scope};
use timeline::{DealPart, Tracked};

use super::{day, portal};
use Line::*;
use Tracked::{Amount, CloseDate, Currency, Owner, Pipeline, Stage};

/// A deal worth 100 that is open, owned by 7 and closes on day 150, all since day 1.
fn deal() -> DealPart {
    DealPart::new(1, day(1))
        .with(Pipeline, day(1), "p")
        .with(Stage, day(1), "open")
        .with(Amount, day(1), "100")
        .with(Owner, day(1), "7")
        .with(CloseDate, day(1), &day(150).to_string())
}

fn closes(deal: DealPart, at: i64, on: i64) -> DealPart {
    deal.with(CloseDate, day(at), &day(on).to_string())
}

/// Pipeline `p`, owner 7, and the period.
#[track_caller]
fn check(deal: DealPart, expected: &[(Line, &str)]) {
    let timeline = portal(vec![deal]);
    let scope = Scope {
        pipeline: timeline.find_pipeline(&crm::PipelineId::new("p")),
        owners: Some(vec![OwnerId::new(7)]),
        closing: Some((day(100), day(200))),
    };
    let waterfall = timeline.waterfall(day(10), day(50), &scope);
    let found: Vec<_> = waterfall
        .parts
        .iter()
        .map(|part| (part.line, part.amount.to_string()))
        .collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|(line, amount)| (*line, (*amount).to_owned()))
        .collect();
    assert_eq!(found, expected);
    assert!(waterfall.residual().is_zero());
}

#[test]
fn what_stays_has_no_part_or_changes_its_amount() {
    check(deal(), &[]);
    check(deal().with(Amount, day(20), "130.555"), &[(Up, "30.56")]);
    check(deal().with(Amount, day(20), "60"), &[(Down, "-40")]);
    check(deal().with(Amount, day(20), ""), &[(Down, "-100")]);
    // Pushed out and pulled in again: both ends are alike.
    check(closes(closes(deal(), 20, 300), 30, 120), &[]);
}

#[test]
fn money_changes_before_the_deal_moves() {
    let shrunk = || deal().with(Amount, day(20), "60");
    check(
        closes(shrunk(), 15, 250),
        &[(Down, "-40"), (PushedOut, "-60")],
    );
    check(
        closes(shrunk(), 15, 50),
        &[(Down, "-40"), (MovedBefore, "-60")],
    );
    check(
        shrunk().with(CloseDate, day(30), ""),
        &[(Down, "-40"), (DateCleared, "-60")],
    );
    check(
        shrunk().with(Stage, day(30), "won"),
        &[(Down, "-40"), (Won, "-60")],
    );
    check(
        shrunk().with(Owner, day(30), "8"),
        &[(Down, "-40"), (OwnerOut, "-60")],
    );
    check(
        shrunk()
            .with(Pipeline, day(30), "q")
            .with(Stage, day(30), "9open"),
        &[(Down, "-40"), (PipelineOut, "-60")],
    );
}

#[test]
fn one_reason_of_several() {
    let all = |deal: DealPart| {
        closes(deal, 30, 300)
            .with(Owner, day(30), "8")
            .with(Pipeline, day(30), "q")
    };
    check(
        all(deal()).with(Stage, day(30), "9open"),
        &[(PipelineOut, "-100")],
    );
    check(
        closes(deal(), 30, 300).with(Owner, day(30), "8"),
        &[(OwnerOut, "-100")],
    );
    check(all(deal()).with(Stage, day(30), "9lost"), &[(Lost, "-100")]);
    let mut gone = all(deal()).with(Stage, day(30), "9lost");
    (gone.archived, gone.archived_at) = (true, Some(day(40)));
    check(gone, &[(Gone, "-100")]);
}

#[test]
fn a_closed_deal_leaves_with_what_it_was_worth_then() {
    let corrected = deal()
        .with(Stage, day(20), "won")
        .with(
            Amount,
            day(20).plus(jiff::SignedDuration::from_hours(5)),
            "120",
        )
        .with(Amount, day(30), "5");
    check(corrected, &[(Up, "20"), (Won, "-120")]);
    let emptied = deal().with(Stage, day(20), "lost").with(
        Amount,
        day(20).plus(jiff::SignedDuration::from_hours(1)),
        "0",
    );
    check(emptied, &[(Lost, "-100")]);
    let without = deal().with(Amount, day(5), "").with(Stage, day(20), "lost");
    check(without, &[(Lost, "0")]);
}

#[test]
fn who_enters_brings_what_it_is_worth_at_the_end() {
    let grown = |deal: DealPart| deal.with(Amount, day(40), "150");
    check(
        grown(closes(closes(deal(), 2, 300), 20, 150)),
        &[(PulledIn, "150")],
    );
    check(
        grown(closes(closes(deal(), 2, 90), 20, 150)),
        &[(SlippedIn, "150")],
    );
    check(
        grown(closes(deal().with(CloseDate, day(2), ""), 20, 150)),
        &[(DateSet, "150")],
    );
    check(
        grown(
            deal()
                .with(Stage, day(2), "lost")
                .with(Stage, day(20), "offer"),
        ),
        &[(Reopened, "150")],
    );
    check(
        grown(deal().with(Owner, day(2), "8").with(Owner, day(20), "7")),
        &[(OwnerIn, "150")],
    );
    check(
        grown(
            deal()
                .with(Stage, day(2), "9open")
                .with(Stage, day(20), "open"),
        ),
        &[(PipelineIn, "150")],
    );
    let created = closes(
        DealPart::new(1, day(20))
            .with(Pipeline, day(20), "p")
            .with(Stage, day(20), "open")
            .with(Amount, day(20), "100")
            .with(Owner, day(20), "7"),
        20,
        150,
    );
    check(grown(created.clone()), &[(Created, "150")]);
    check(
        created
            .with(Stage, day(30), "won")
            .with(Amount, day(45), "1"),
        &[(Created, "100"), (Won, "-100")],
    );
}

#[test]
fn what_passed_through_enters_and_leaves() {
    let reopened = deal()
        .with(Stage, day(5), "lost")
        .with(Stage, day(20), "open")
        .with(Stage, day(30), "lost");
    check(reopened, &[(Reopened, "100"), (Lost, "-100")]);
    // Closed all the while, from one kind to another of the same.
    check(deal().with(Stage, day(5), "lost"), &[]);
    // Won in another period: it was never in this one.
    check(closes(deal(), 5, 300).with(Stage, day(20), "won"), &[]);
    // Arrived already won: it never was open.
    let arrived = closes(
        DealPart::new(1, day(20))
            .with(Pipeline, day(20), "p")
            .with(Stage, day(20), "won")
            .with(Amount, day(20), "100")
            .with(Owner, day(20), "7"),
        20,
        150,
    );
    check(arrived, &[]);
}

#[test]
fn what_was_not_known_is_never_guessed() {
    // Its stages begin on day 20, and it is older than that.
    let imported = closes(
        DealPart::new(1, day(1))
            .with(Pipeline, day(20), "p")
            .with(Stage, day(20), "open")
            .with(Amount, day(20), "100")
            .with(Owner, day(20), "7"),
        20,
        150,
    );
    check(imported, &[(NotKnownThen, "100")]);
    // As many amounts as HubSpot keeps, the oldest of day 20.
    let mut capped = deal();
    capped.versions.retain(|version| version.property != Amount);
    for version in 0..20 {
        capped = capped.with(Amount, day(20 + version), &(200 + version).to_string());
    }
    check(capped.clone(), &[(NotKnownThen, "219")]);
    check(
        capped.with(Stage, day(45), "won"),
        &[(NotKnownThen, "219"), (Won, "-219")],
    );
}

#[test]
fn a_currency_changes_after_the_amount() {
    // HubSpot's own amounts teach the rate: a US dollar is 0.90.
    let mut dollars = closes(deal(), 2, 150)
        .with(Currency, day(1), "EUR")
        .with(Currency, day(20), "USD")
        .with(Amount, day(20), "200");
    dollars.home_amount = crm::parse_amount("180");
    check(dollars, &[(Up, "100"), (Line::Currency, "-20.00")]);
    // A currency that no deal teaches a rate for counts as nothing.
    let pounds = deal()
        .with(Currency, day(1), "EUR")
        .with(Currency, day(20), "GBP");
    check(pounds, &[(Line::Currency, "-100")]);
}

#[test]
fn the_ends_tell_what_they_could_not_count() {
    let mut pounds = deal();
    pounds.currency = Some("GBP".parse().unwrap());
    let mut bare = deal();
    bare.id = crm::RecordId::new(2);
    bare.versions.retain(|version| version.property != Amount);
    let late = DealPart::new(3, day(1)).with(Stage, day(20), "open");
    let timeline = portal(vec![pounds, bare, late]);
    let waterfall = timeline.waterfall(day(10), day(50), &Scope::default());
    let (start, end) = (&waterfall.start, &waterfall.end);
    assert_eq!((start.deals.len(), end.deals.len()), (2, 3));
    assert_eq!((start.without_rate, start.without_amount), (1, 1));
    assert_eq!((start.not_known.len(), end.not_known.len()), (1, 0));
    assert_eq!((end.without_rate, end.without_amount), (1, 2));
    // The moments the other way round ask the same question.
    assert_eq!(
        timeline.waterfall(day(50), day(10), &Scope::default()),
        waterfall
    );
}
