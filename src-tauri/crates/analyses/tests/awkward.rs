//! Portals as they really are: every case that is known to break a forecast.

#![allow(
    clippy::unwrap_used,
    reason = "a test may stop where its fixture is damaged"
)]

mod world;

use analyses::forecast::report::{Basis, ForecastReport, NoteCode, Risk, Severity};
use analyses::forecast::{ForecastQuestion, forecast, won_by_month};
use crm::{Moment, PipelineId, parse_amount};
use rust_decimal::Decimal;
use stats::Evidence;
use timeline::{DealPart, Timeline, Tracked};
use world::{HAZARDS, amount, ask, day, deal, grown, m, note, parts, portal, question, row, stage};

/// Day 700 is 1 December 2025; the period is that quarter.
const NOW: i64 = 700;

fn quarter(timeline: &Timeline) -> ForecastReport {
    ask(timeline, day(NOW), "2025-10-01", "2025-12-31")
}

/// A portal with enough history, and these deals beside it. Their ids begin at 10,000.
fn with(deals: Vec<DealPart>) -> ForecastReport {
    let history = grown(1, 800, 1_000, HAZARDS);
    quarter(&portal(history.into_iter().chain(deals).collect()))
}

fn dated(deal: DealPart, close_date: &str) -> DealPart {
    let created = deal.created_at.unwrap();
    deal.with(Tracked::CloseDate, created, close_date)
}

#[test]
fn the_parts_add_up() {
    let report = with(vec![
        dated(deal(10_001, "1000", &[(650, "a-offer")]), "2025-12-20"),
        dated(deal(10_002, "333.33", &[(650, "a-new")]), "2026-03-01"),
    ]);
    let value = |figure: &analyses::forecast::report::Figure| figure.value.unwrap().amount;
    assert_eq!(
        value(&report.closed)
            + value(&report.expected_from_open)
            + value(&report.expected_from_new),
        value(&report.total)
    );
    let difference = &report.difference;
    assert_eq!(
        value(&report.hubspot)
            + difference.rates.unwrap().amount
            + difference.close_dates.unwrap().amount
            + difference.new_deals.unwrap().amount
            + difference
                .baseline
                .map_or(Decimal::ZERO, |money| money.amount),
        value(&report.total)
    );
    let contributions: Decimal = report
        .deals
        .iter()
        .filter_map(|row| row.contribution)
        .map(|money| money.amount)
        .sum();
    assert_eq!(contributions, value(&report.expected_from_open));
    let by_stage: Decimal = report
        .stages
        .iter()
        .filter_map(|row| row.expected)
        .map(|money| money.amount)
        .sum();
    assert_eq!(by_stage, contributions);
    assert_eq!(
        report.pace.closed.last().unwrap().won.amount,
        value(&report.closed)
    );
    let won: Decimal = report
        .won
        .iter()
        .filter_map(|row| row.amount)
        .map(|m| m.amount)
        .sum();
    assert_eq!(won, value(&report.closed));
    // 1,000 at HubSpot's 60 %, and only that one closes in the period.
    assert_eq!(
        value(&report.hubspot) - value(&report.closed),
        Decimal::from(600)
    );
    let spread = report.spread.as_ref().unwrap();
    assert!(spread.p10.amount < spread.p50.amount && spread.p50.amount < spread.p90.amount);
    assert!(spread.p10.amount >= value(&report.closed));
}

#[test]
fn amounts_that_are_missing_or_negative_are_counted_and_named() {
    let report = with(vec![
        deal(10_001, "", &[(650, "a-offer")]),
        deal(10_002, "-500", &[(650, "a-offer")]),
        deal(10_003, "0", &[(650, "a-offer")]),
        deal(10_004, "not a number", &[(650, "a-offer")]),
    ]);
    let nothing = row(&report, 10_001);
    assert_eq!((nothing.amount, nothing.contribution), (None, None));
    assert!(nothing.probability.is_some() && nothing.risks.contains(&Risk::NoAmount));
    let negative = row(&report, 10_002);
    assert!(negative.contribution.unwrap().amount < Decimal::ZERO);
    assert!(negative.risks.contains(&Risk::NegativeAmount));
    assert_eq!(
        amount(row(&report, 10_003).contribution).as_deref(),
        Some("0.00")
    );
    assert_eq!(note(&report, NoteCode::NoAmount).unwrap().count, 2);
    assert_eq!(
        note(&report, NoteCode::NegativeAmount).unwrap().deals.len(),
        1
    );
}

/// Two of them would break the addition itself.
#[test]
fn an_amount_beyond_belief_is_none() {
    let vast = "7e28";
    let report = with(vec![
        deal(10_001, vast, &[(650, "a-offer")]),
        deal(10_002, vast, &[(650, "a-offer")]),
        deal(10_003, vast, &[(650, "a-offer"), (660, "a-won")]),
    ]);
    assert!(row(&report, 10_001).risks.contains(&Risk::NoAmount));
    assert_eq!(row(&report, 10_002).own_amount, None);
}

#[test]
fn an_amount_before_a_capped_history_is_not_guessed() {
    // Twenty-one changes of amount, all after the moment asked for.
    let mut capped = deal(10_001, "", &[(600, "a-offer")]);
    for i in 0..21 {
        capped = capped.with(Tracked::Amount, day(NOW + 1 + i), &format!("{}", 100 + i));
    }
    let report = with(vec![capped]);
    assert_eq!(row(&report, 10_001).amount, None);
    assert!(row(&report, 10_001).risks.contains(&Risk::NoAmount));
}

#[test]
fn a_reopened_deal_is_open_and_its_win_is_taken_back() {
    let stays = [(640, "a-new"), (660, "a-won"), (680, "a-offer")];
    let report = with(vec![deal(10_001, "5000", &stays)]);
    assert!(report.won.iter().all(|won| won.id.get() != 10_001));
    assert_eq!(row(&report, 10_001).stage_label, "Offer");
    // Won again later, it counts once, from then.
    let again = [
        (640, "a-new"),
        (660, "a-won"),
        (680, "a-offer"),
        (690, "a-won"),
    ];
    let report = with(vec![deal(10_001, "5000", &again)]);
    let won: Vec<_> = report
        .won
        .iter()
        .filter(|won| won.id.get() == 10_001)
        .collect();
    assert_eq!(won.len(), 1);
    assert_eq!(won[0].won_at, day(690));
}

#[test]
fn a_skipped_stage_counts_where_the_deal_was_seen() {
    // Straight from new to won: every deal that was seen in new is won, none was seen in offer.
    let deals: Vec<_> = (0..60)
        .map(|i| {
            deal(
                i + 1,
                "100",
                &[(i as i64 * 8, "a-new"), (i as i64 * 8 + 10, "a-won")],
            )
        })
        .chain([deal(900, "100", &[(690, "a-new")])])
        .collect();
    let report = quarter(&portal(deals));
    let new = stage(&report, "a-new");
    assert_eq!((new.own.unwrap().value, new.own_won), (1.0, new.own_deals));
    assert_eq!(stage(&report, "a-offer").own_deals, 0);
    assert!(note(&report, NoteCode::LossesNotRecorded).is_some());
}

#[test]
fn wins_without_losses_are_called_out() {
    let deals: Vec<_> = (0..60)
        .map(|i| {
            deal(
                i + 1,
                "100",
                &[(i as i64 * 8, "a-new"), (i as i64 * 8 + 30, "a-won")],
            )
        })
        .chain([deal(900, "100", &[(690, "a-new")])])
        .collect();
    let report = quarter(&portal(deals));
    let warning = note(&report, NoteCode::LossesNotRecorded).unwrap();
    assert_eq!(warning.severity, Severity::Warning);
    assert!(warning.message.starts_with("Losses are not recorded"));
    assert_eq!(report.total.evidence, Evidence::Weak);
    assert_eq!(
        report.notes[0].severity,
        Severity::Warning,
        "warnings come first"
    );
}

#[test]
fn a_close_date_in_the_past_is_a_risk_from_the_day_after() {
    let report = with(vec![
        dated(deal(10_001, "100", &[(600, "a-offer")]), "2025-11-21"),
        dated(
            deal(10_002, "100", &[(600, "a-offer")]),
            "2025-12-01T00:30:00Z",
        ),
        deal(10_003, "100", &[(600, "a-offer")]),
    ]);
    assert!(
        row(&report, 10_001)
            .risks
            .contains(&Risk::CloseDatePast { days: 10 })
    );
    assert!(row(&report, 10_001).closes_in_period);
    let due_today = &row(&report, 10_002).risks;
    assert!(
        !due_today
            .iter()
            .any(|risk| matches!(risk, Risk::CloseDatePast { .. }))
    );
    assert!(row(&report, 10_003).risks.contains(&Risk::NoCloseDate));
    assert!(!row(&report, 10_003).closes_in_period);
}

#[test]
fn pipelines_with_the_same_stage_labels_are_counted_apart() {
    // In pipeline b nothing is ever won.
    let lost = (0..60).map(|i| {
        let at = i as i64 * 10;
        deal(20_000 + i, "100", &[(at, "b-offer"), (at + 60, "b-lost")])
    });
    let open = [
        deal(10_001, "100", &[(690, "b-offer")]),
        deal(10_002, "100", &[(690, "a-offer")]),
    ];
    let report = with(lost.chain(open).collect());
    assert_eq!(row(&report, 10_001).probability.unwrap().value, 0.0);
    assert!(row(&report, 10_002).probability.unwrap().value > 0.2);
    assert!(note(&report, NoteCode::SameStageLabel).is_some());

    let timeline = portal(vec![deal(1, "100", &[(690, "b-offer")])]);
    let one = ForecastQuestion {
        pipeline: Some(PipelineId::new("a")),
        ..question(day(NOW), "2025-10-01", "2025-12-31")
    };
    assert!(forecast(&timeline, &one).deals.is_empty());
}

#[test]
fn other_currencies_count_at_hubspots_rates_or_not_at_all() {
    let foreign = |id, code: &str, own: &str, home: Option<&str>| {
        let mut deal = deal(id, own, &[(650, "a-offer")]);
        deal.currency = Some(code.parse().unwrap());
        deal.home_amount = home.and_then(parse_amount);
        deal
    };
    let report = with(vec![
        foreign(10_001, "USD", "1000", Some("920")),
        foreign(10_002, "USD", "500", None),
        foreign(10_003, "JPY", "100000", None),
    ]);
    assert_eq!(
        amount(row(&report, 10_001).amount).as_deref(),
        Some("920.00")
    );
    assert_eq!(
        amount(row(&report, 10_002).amount).as_deref(),
        Some("460.00")
    );
    let yen = row(&report, 10_003);
    assert_eq!((yen.amount, yen.contribution), (None, None));
    assert_eq!(yen.own_amount.unwrap().currency.code(), "JPY");
    assert!(yen.risks.contains(&Risk::NoExchangeRate));
    assert_eq!(report.exchange_rates.len(), 1);
    assert_eq!(report.exchange_rates[0].rate.to_string(), "0.92");
}

#[test]
fn a_young_portal_gets_words_instead_of_numbers() {
    let report = quarter(&portal(vec![
        deal(1, "100", &[(500, "a-new"), (520, "a-won")]),
        deal(2, "100", &[(500, "a-new"), (530, "a-lost")]),
        deal(3, "5000", &[(690, "a-new")]),
    ]));
    for figure in [&report.total, &report.expected_from_open] {
        assert_eq!((figure.value, figure.low, figure.high), (None, None, None));
        assert_eq!(figure.evidence, Evidence::None { needs: 18 });
        assert_eq!(
            figure.needs.as_deref(),
            Some("Needs about 18 more closed deals")
        );
    }
    assert_eq!(report.spread, None);
    assert_eq!(
        (report.deals[0].probability, report.deals[0].basis),
        (None, Basis::Nothing)
    );
    assert!(report.closed.value.is_some() && report.hubspot.value.is_some());
    assert!(note(&report, NoteCode::NotEnoughHistory).is_some());
}

#[test]
fn few_deals_borrow_and_say_so() {
    // Ten deals were seen in pipeline b's offer, one in its new; pipeline a has hundreds.
    let few = (0..10).map(|i| {
        let at = 100 + i as i64 * 20;
        let end = if i % 2 == 0 { "b-won" } else { "b-lost" };
        deal(20_000 + i, "100", &[(at, "b-offer"), (at + 20, end)])
    });
    let open = [
        deal(10_001, "100", &[(690, "b-offer")]),
        deal(10_002, "100", &[(690, "b-new")]),
    ];
    let report = with(few.chain(open).collect());
    let some = row(&report, 10_001);
    assert_eq!(
        (some.basis, some.evidence),
        (Basis::StageAndPipeline, Evidence::Weak)
    );
    assert!(
        some.why.contains("10 deals seen in Offer are few"),
        "{}",
        some.why
    );
    let none = row(&report, 10_002);
    assert_eq!(
        (none.basis, none.evidence),
        (Basis::Pipeline, Evidence::Weak)
    );
    assert!(
        none.why.contains("all stages of Renewals (10 deals)"),
        "{}",
        none.why
    );
    let (some, none) = (some.probability.unwrap(), none.probability.unwrap());
    assert!(
        none.high - none.low > some.high - some.low,
        "{none:?} {some:?}"
    );
    assert_eq!(stage(&report, "b-new").own, None);

    // Without any deal of pipeline b, all pipelines must do.
    let report = with(vec![deal(10_001, "100", &[(690, "b-offer")])]);
    assert_eq!(row(&report, 10_001).basis, Basis::Portal);
}

#[test]
fn an_import_begins_the_history_and_dates_wins_by_their_close_date() {
    let mut deals: Vec<_> = (0..40)
        .map(|i| {
            let mut deal = deal(
                i + 1,
                "100",
                &[(600, if i < 20 { "a-won" } else { "a-offer" })],
            );
            deal.created_at = Some(day(100 + i as i64));
            let last = deal.versions.len() - 1;
            deal.versions[last].source = Some("IMPORT".to_owned());
            dated(deal, "x")
        })
        .collect();
    for deal in &mut deals {
        deal.versions.last_mut().unwrap().at = day(600);
        deal.versions.last_mut().unwrap().value = "2025-02-10".to_owned();
    }
    let timeline = portal(deals);
    let report = quarter(&timeline);
    assert_eq!(
        note(&report, NoteCode::HistoryFromImport).unwrap().count,
        40
    );
    // Won, but long before the period: known since day 600, dated February.
    assert!(report.won.is_empty());
    let months = won_by_month(&timeline, day(NOW), None);
    assert_eq!(
        (months[0].month.to_string(), months[0].deals),
        ("2025-02-01".to_owned(), 20)
    );
    // The month is not known before the import.
    assert!(
        won_by_month(&timeline, day(599), None)
            .iter()
            .all(|month| month.deals == 0)
    );
    let before = ask(&timeline, day(300), "2024-10-01", "2024-12-31");
    assert!(before.deals.is_empty());
    assert_eq!(note(&before, NoteCode::StageUnknown).unwrap().count, 40);
}

#[test]
fn the_day_of_a_win_is_the_portals_day() {
    // 31 December 2025, 22:59:59 and 23:00 UTC: the last second of the year in Berlin, and the next.
    let won = |id, at: &str| {
        let begin = m("2025-11-01");
        DealPart::new(id, begin)
            .with(Tracked::Pipeline, begin, "a")
            .with(Tracked::Stage, begin, "a-new")
            .with(Tracked::Amount, begin, "100")
            .with(Tracked::Stage, m(at), "a-won")
    };
    let timeline = portal(vec![
        won(1, "2025-12-31T22:59:59Z"),
        won(2, "2025-12-31T23:00:00Z"),
        // The first instant of December in Berlin, and the last of November.
        won(3, "2025-11-30T23:00:00Z"),
        won(4, "2025-11-30T22:59:59.999Z"),
    ]);
    let later: Moment = m("2026-02-01");
    let report = ask(&timeline, later, "2025-12-01", "2025-12-31");
    let ids: Vec<_> = report.won.iter().map(|won| won.id.get()).collect();
    assert_eq!(ids, [1, 3]);
    assert_eq!(report.won[1].won_day.to_string(), "2025-12-01");
    assert_eq!(report.pace.closed.len(), 31);
    let months: Vec<_> = won_by_month(&timeline, later, None)
        .iter()
        .map(|month| (month.month.to_string(), month.deals))
        .collect();
    let expected = [
        ("2025-11-01", 1),
        ("2025-12-01", 2),
        ("2026-01-01", 1),
        ("2026-02-01", 0),
    ];
    assert_eq!(months, expected.map(|(month, n)| (month.to_owned(), n)));
}

#[test]
fn a_period_that_is_over_expects_nothing() {
    let timeline = portal(grown(1, 800, 1_000, HAZARDS));
    let report = ask(&timeline, day(NOW), "2025-07-01", "2025-09-30");
    assert_eq!(report.period.days_left, 0);
    assert_eq!(report.total.value, report.closed.value);
    assert_eq!(
        amount(report.expected_from_open.value).as_deref(),
        Some("0.00")
    );
    assert!(
        report
            .deals
            .iter()
            .all(|row| row.basis == Basis::PeriodOver)
    );
    assert_eq!(report.method.landmarks, 0);
}

#[test]
fn a_leap_day_has_its_place() {
    let timeline = portal(vec![]);
    let report = ask(
        &timeline,
        m("2028-02-29T12:00:00Z"),
        "2028-02-01",
        "2028-02-29",
    );
    assert_eq!((report.period.days_left, report.pace.closed.len()), (1, 29));
    assert_eq!(report.period.label, "February 2028");
    // 29 February 2028 is a Tuesday; two years of weeks back begin with 3 March 2026, a Tuesday.
    assert_eq!(
        report.method.first_landmark.unwrap().to_string(),
        "2026-03-03"
    );
}

#[test]
fn a_deal_deleted_later_was_there_then() {
    let mut gone = deal(10_001, "100", &[(650, "a-offer")]);
    gone.archived = true;
    gone.archived_at = Some(day(NOW + 5));
    let report = with(vec![gone.clone()]);
    assert!(row(&report, 10_001).probability.is_some());
    assert_eq!(
        note(&report, NoteCode::GoneSince).unwrap().deals[0].get(),
        10_001
    );
    gone.archived_at = Some(day(NOW - 5));
    let report = with(vec![gone]);
    assert!(report.deals.iter().all(|row| row.id.get() != 10_001));
}

/// Entered when all was over: they are won, in the period, and no landmark ever saw them open, so the
/// chances of the others stay as they are.
#[test]
fn deals_won_on_the_day_of_their_creation_are_wins_that_nobody_saw_open() {
    let entered: Vec<_> = (10_001..10_041)
        .map(|id| deal(id, "100", &[(690, "a-won")]))
        .collect();
    let (plain, report) = (with(Vec::new()), with(entered));
    let closed = |report: &ForecastReport| report.closed.value.unwrap().amount;
    assert_eq!(closed(&report) - closed(&plain), Decimal::from(4_000));
    for id in ["a-new", "a-offer"] {
        assert_eq!(stage(&report, id).used, stage(&plain, id).used, "{id}");
    }
    let spread = report.spread.unwrap();
    assert!(spread.p10.amount <= spread.p50.amount && spread.p50.amount <= spread.p90.amount);
}

#[test]
fn an_empty_portal_is_no_accident() {
    let report = quarter(&Timeline::from_parts(parts(Vec::new())));
    assert_eq!(amount(report.total.value).as_deref(), Some("0.00"));
    assert_eq!(report.won_by_month.len(), 1);
    assert!(report.deals.is_empty() && report.won.is_empty());
}

#[test]
fn every_figure_names_a_query_with_all_its_parameters() {
    let report = with(Vec::new());
    let figures = [
        &report.closed,
        &report.open,
        &report.expected_from_open,
        &report.expected_from_new,
        &report.total,
        &report.hubspot,
    ];
    let refs = figures.map(|figure| &figure.query).into_iter();
    for query in refs.chain(report.stages.iter().map(|stage| &stage.query)) {
        let sql = timeline::queries::find(&query.name).unwrap().sql();
        let code: String = sql
            .lines()
            .filter(|line| !line.trim().starts_with("--"))
            .collect();
        let wanted: std::collections::BTreeSet<_> = code
            .split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':')
            .filter(|word| word.starts_with(':'))
            .collect();
        let given: std::collections::BTreeSet<_> = query
            .parameters
            .iter()
            .map(|parameter| parameter.name.as_str())
            .collect();
        assert_eq!(given, wanted, "{}", query.name);
    }
}

#[test]
fn the_total_is_weak_when_its_value_rests_on_weak_rates() {
    let report = with(vec![deal(10_001, "1000", &[(650, "b-offer")])]);
    assert_eq!(row(&report, 10_001).evidence, Evidence::Weak);
    assert_eq!(
        report.total.evidence,
        Evidence::Sound,
        "a small weak part is no harm"
    );
    let report = with(vec![deal(10_001, "90000000", &[(650, "b-offer")])]);
    assert_eq!(report.total.evidence, Evidence::Weak);
}
