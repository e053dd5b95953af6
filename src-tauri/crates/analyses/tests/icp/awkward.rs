//! Data as portals have them.

use analyses::competitors::Outcome;
use analyses::icp::{
    DealRow, Dimension, IcpError, IcpNoteCode, IcpQuestion, IcpReport, IcpRows, icp,
};
use crm::{Moment, OwnerId};
use jiff::tz::TimeZone;
use stats::Evidence;

use super::world::{Truth, after, as_of, company, deal, moment, question, segment, world};

fn industry(deal: DealRow, name: &str) -> DealRow {
    let values = [(Dimension::Industry, name.to_owned())].into();
    let id = deal.id.get();
    DealRow {
        companies: vec![company(50_000 + id, values, 30.0)],
        ..deal
    }
}

fn sourced(mut deal: DealRow, source: &str) -> DealRow {
    deal.values.insert(Dimension::Source, source.to_owned());
    deal
}

/// Deals created on one day, of which some were won ten days later and the rest lost.
fn closed(from: u64, won: u64, lost: u64, make: impl Fn(DealRow) -> DealRow) -> Vec<DealRow> {
    let created = moment("2026-03-02T10:00:00Z");
    let outcome = |number: u64| match number < won {
        true => Outcome::Won(after(created, 10.0)),
        false => Outcome::Lost(after(created, 20.0)),
    };
    (0..won + lost)
        .map(|n| make(deal(from + n, created, outcome(n))))
        .collect()
}

fn report_of(deals: Vec<DealRow>, question: &IcpQuestion) -> IcpReport {
    icp(
        &IcpRows {
            deals,
            contacts: vec![],
            ..IcpRows::default()
        },
        question,
    )
    .unwrap()
}

fn says(report: &IcpReport, code: IcpNoteCode) -> bool {
    report.notes.iter().any(|note| note.code == code)
}

fn find<'a>(report: &'a IcpReport, name: &str) -> &'a analyses::icp::Segment {
    segment(report, &[(Dimension::Industry, Some(name))])
}

#[test]
fn a_flip_within_sources_is_shown_as_strata() {
    // The golden strata of the facts: the crude odds ratio is 0.75, the pooled one 1.45.
    let stratum = |from, source: &'static str, name: &'static str, won, lost| {
        closed(from, won, lost, |deal| {
            sourced(industry(deal, name), source)
        })
    };
    let deals = [
        stratum(1, "ads", "Retail", 81, 6),
        stratum(1_000, "ads", "Energy", 234, 36),
        stratum(2_000, "event", "Retail", 192, 71),
        stratum(3_000, "event", "Energy", 55, 25),
    ];
    let report = report_of(deals.concat(), &question());
    let retail = find(&report, "Retail");
    let ratio = retail.lift.ratio.unwrap();
    assert!(
        retail.lift.crude.unwrap().value < 1.0 && ratio.value > 1.0,
        "{:?}",
        retail.lift
    );
    let counts: Vec<_> = retail
        .lift
        .strata
        .iter()
        .map(|s| {
            (
                s.value.as_deref().unwrap(),
                s.happened,
                s.n,
                s.others_happened,
                s.others,
            )
        })
        .collect();
    assert_eq!(
        counts,
        [("ads", 81, 87, 234, 270), ("event", 192, 263, 55, 80)]
    );
    // Where sources agree there is one number.
    let plain = [
        stratum(1, "ads", "Retail", 60, 40),
        stratum(1_000, "ads", "Energy", 30, 70),
        stratum(2_000, "event", "Retail", 60, 40),
        stratum(3_000, "event", "Energy", 30, 70),
    ];
    let report = report_of(plain.concat(), &question());
    assert!(find(&report, "Retail").lift.strata.is_empty());
    assert!(find(&report, "Retail").lift.found);
}

#[test]
fn unknown_values_that_lose_are_called_a_leak() {
    let named = closed(1, 60, 40, |deal| industry(deal, "Retail"));
    let unknown = closed(1_000, 10, 90, |deal| deal);
    let report = report_of([named, unknown].concat(), &question());
    let missing = segment(&report, &[(Dimension::Industry, None)]);
    assert_eq!((missing.n, missing.won), (100, 10));
    assert!(says(&report, IcpNoteCode::UnknownValuesLeak));
    // A known value is not compared with unknown ones.
    assert_eq!(find(&report, "Retail").lift.others, 0);
    let named = closed(1, 30, 70, |deal| industry(deal, "Retail"));
    let unknown = closed(1_000, 30, 70, |deal| deal);
    let report = report_of([named, unknown].concat(), &question());
    assert!(!says(&report, IcpNoteCode::UnknownValuesLeak));
}

#[test]
fn below_five_deals_there_is_a_count_and_no_rate() {
    let few = closed(1, 2, 2, |deal| industry(deal, "Retail"));
    let some = closed(1_000, 10, 9, |deal| industry(deal, "Energy"));
    let more = closed(2_000, 10, 10, |deal| industry(deal, "Media"));
    let asked = IcpQuestion {
        draws: 50,
        ..question()
    };
    let report = report_of([few, some, more].concat(), &asked);
    let few = find(&report, "Retail");
    assert_eq!((few.n, few.won), (4, 2));
    assert!(matches!(few.evidence, Evidence::None { needs: 16 }));
    assert!(few.win_rate.is_none() && few.closed_only.is_none() && few.revenue.is_none());
    assert!(few.by_horizon.iter().all(|horizon| horizon.rate.is_none()));
    assert!(few.lift.p.is_none() && few.contacts.with_deal.is_none());
    assert_eq!(find(&report, "Energy").evidence, Evidence::Weak);
    assert_eq!(find(&report, "Media").evidence, Evidence::Sound);
    let order: Vec<_> = report
        .segments
        .iter()
        .map(|s| s.evidence.has_number())
        .collect();
    assert!(
        order.is_sorted_by(|a, b| a >= b),
        "those without a number come last"
    );
}

#[test]
fn wins_without_losses_are_losses_not_recorded() {
    let report = report_of(
        closed(1, 30, 0, |deal| industry(deal, "Retail")),
        &question(),
    );
    assert!(says(&report, IcpNoteCode::LossesNotRecorded));
    let report = report_of(
        closed(1, 30, 1, |deal| industry(deal, "Retail")),
        &question(),
    );
    assert!(!says(&report, IcpNoteCode::LossesNotRecorded));
    assert!(says(&report, IcpNoteCode::SkewedOutcomes));
}

#[test]
fn an_import_of_one_day_is_told() {
    let report = report_of(
        closed(1, 10, 20, |deal| industry(deal, "Retail")),
        &question(),
    );
    assert!(says(&report, IcpNoteCode::CreatedTogether));
    let report = world(1, Truth::null()).report(&question());
    assert!(!says(&report, IcpNoteCode::CreatedTogether));
}

#[test]
fn deals_closed_before_they_were_on_record_are_left_out() {
    let import = moment("2026-03-10T00:00:00Z");
    let mut deals = closed(1, 10, 20, |deal| industry(deal, "Retail"));
    for deal in &mut deals {
        deal.watched_from = import; // after 8 days: all were open then
    }
    let report = report_of(deals.clone(), &question());
    assert_eq!((report.all.n, report.method.unwatched.len()), (30, 0));
    for deal in &mut deals {
        deal.watched_from = moment("2026-03-20T00:00:00Z"); // after the wins, before the losses
    }
    let report = report_of(deals, &question());
    assert_eq!(
        (report.all.n, report.all.won, report.method.unwatched.len()),
        (20, 0, 10)
    );
    assert!(says(&report, IcpNoteCode::Unwatched));
    // Those that entered late are in no table of the whole horizon.
    assert_eq!(find(&report, "Retail").lift.n, 0);
}

#[test]
fn awkward_amounts_and_dates_leave_a_report_and_a_note() {
    let created = moment("2026-03-02T10:00:00Z");
    let mut deals = closed(1, 10, 20, |deal| industry(deal, "Retail"));
    deals[0].amount = None;
    deals[1].amount = Some(-50.0);
    deals[2].amount = Some(f64::NAN);
    deals[3].outcome = Outcome::Won(created);
    deals[4].outcome = Outcome::Won(moment("2026-02-01T00:00:00Z"));
    deals[5].renewal = true;
    let asked = IcpQuestion {
        draws: 50,
        ..question()
    };
    let report = report_of(deals, &asked);
    let codes = [
        IcpNoteCode::NoAmount,
        IcpNoteCode::NegativeAmount,
        IcpNoteCode::CreatedWhenClosed,
        IcpNoteCode::ClosedBeforeCreated,
        IcpNoteCode::Renewals,
    ];
    for code in codes {
        assert!(says(&report, code), "{code:?}");
    }
    let revenue = report.all.revenue.unwrap();
    assert_eq!(
        (report.all.n, revenue.won, revenue.won_without_amount),
        (29, 7, 2)
    );
    assert!(revenue.per_deal.value.is_finite());
    let same = report_of(closed(1, 10, 20, |deal| deal), &asked);
    assert!(says(&same, IcpNoteCode::OneAmount));
    let revenue = same.all.revenue.unwrap();
    assert!(
        (revenue.per_deal.value - 1000.0 / 3.0).abs() < 1e-9,
        "{revenue:?}"
    );
    assert!((revenue.top_three.unwrap() - 0.3).abs() < 1e-12 && !revenue.concentrated);
}

#[test]
fn three_deals_that_make_the_sum_are_told() {
    let mut deals = closed(1, 30, 70, |deal| deal);
    for deal in deals.iter_mut().take(2) {
        deal.amount = Some(500_000.0);
    }
    let report = report_of(
        deals,
        &IcpQuestion {
            draws: 100,
            ..question()
        },
    );
    let revenue = report.all.revenue.unwrap();
    assert!(revenue.concentrated, "{revenue:?}");
}

#[test]
fn a_segment_of_one_owner_is_told() {
    let of = |owner| {
        move |deal| DealRow {
            owner: Some(OwnerId::new(owner)),
            ..deal
        }
    };
    let one = closed(1, 20, 10, |deal| of(7)(industry(deal, "Retail")));
    let other = closed(1_000, 20, 10, |deal| of(8)(industry(deal, "Energy")));
    let report = report_of([one.clone(), other].concat(), &question());
    assert!(find(&report, "Retail").one_owner && says(&report, IcpNoteCode::OneOwner));
    // A portal with one owner tells nothing by it.
    assert!(!says(&report_of(one, &question()), IcpNoteCode::OneOwner));
}

#[test]
fn old_untouched_deals_count_as_censored_and_as_lost() {
    let mut deals = closed(1, 10, 20, |deal| industry(deal, "Retail"));
    let created = moment("2026-03-02T10:00:00Z");
    for number in 0..15 {
        let mut open = industry(deal(1_000 + number, created, Outcome::Open), "Retail");
        open.last_activity_at = Some(after(created, 5.0));
        deals.push(open);
    }
    let report = report_of(deals.clone(), &question());
    let retail = find(&report, "Retail");
    assert_eq!(retail.zombies, 15);
    // Left at day 5, before anything ended, they say nothing: 10 of 30. Lost, they do: 10 of 45.
    let rate = retail.by_horizon[0].rate.unwrap().value;
    assert!((rate - 10.0 / 30.0).abs() < 1e-9, "{rate}");
    let lost = retail.if_zombies_lost.unwrap().value;
    assert!((lost - 10.0 / 45.0).abs() < 1e-9, "{lost}");
    assert!(says(&report, IcpNoteCode::Zombies));
    for deal in &mut deals {
        deal.last_activity_at = Some(as_of());
    }
    assert_eq!(find(&report_of(deals, &question()), "Retail").zombies, 0);
}

#[test]
fn nothing_after_the_moment_is_used() {
    let world = world(3, Truth::null());
    let then = IcpQuestion {
        as_of: moment("2026-06-01T00:00:00Z"),
        ..question()
    };
    let mut known = world.rows.clone();
    known.deals.retain(|deal| deal.created_at <= then.as_of);
    known
        .contacts
        .retain(|contact| contact.created_at <= then.as_of);
    for deal in &mut known.deals {
        if deal.outcome.closed_at().is_some_and(|at| at > then.as_of) {
            deal.outcome = Outcome::Open;
        }
        deal.last_activity_at = Some(deal.created_at);
    }
    for contact in &mut known.contacts {
        contact.first_deal_at = contact.first_deal_at.filter(|at| *at <= then.as_of);
    }
    assert_eq!(icp(&known, &then).unwrap(), world.report(&then));
}

#[test]
fn the_same_rows_in_any_order_give_the_same_bytes() {
    let truth = Truth {
        deals: 200,
        contacts: 100,
        ..Truth::null()
    };
    let world = world(5, truth);
    let asked = IcpQuestion {
        draws: 20,
        ..question()
    };
    let bytes = |rows: &IcpRows| serde_json::to_vec(&icp(rows, &asked).unwrap()).unwrap();
    let first = bytes(&world.rows);
    assert_eq!(first, bytes(&world.rows));
    let mut turned = world.rows.clone();
    turned.deals.reverse();
    turned.contacts.reverse();
    assert_eq!(first, bytes(&turned));
    let other = IcpQuestion {
        seed: 2,
        ..asked.clone()
    };
    assert_ne!(
        first,
        serde_json::to_vec(&icp(&world.rows, &other).unwrap()).unwrap()
    );
}

#[test]
fn the_deals_behind_a_figure_are_as_many_as_it_says() {
    let report = world(
        6,
        Truth {
            deals: 300,
            ..Truth::null()
        },
    )
    .report(&question());
    assert!(report.segments.len() > 50);
    for segment in &report.segments {
        assert_eq!(segment.deals.len(), segment.n as usize);
        assert_eq!(segment.won + segment.lost + segment.open, segment.n);
        assert!(segment.deals.is_sorted());
    }
    let of = |dimension: Dimension| -> f64 {
        let singles = report.segments.iter().filter(|s| s.parts.len() == 1);
        let here = singles.filter(|s| s.parts[0].dimension == dimension);
        here.map(|s| s.weight).sum()
    };
    for dimension in question().dimensions {
        assert!(
            (of(dimension.clone()) - 300.0).abs() < 1e-9,
            "{dimension:?}"
        );
    }
}

#[test]
fn a_deal_of_two_companies_is_half_in_each_and_in_no_table() {
    let mut deals = closed(1, 20, 20, |deal| industry(deal, "Retail"));
    deals.extend(closed(1_000, 20, 20, |deal| industry(deal, "Energy")));
    for deal in &mut deals {
        deal.companies[0].primary = false;
    }
    let other = deals[79].companies[0].clone();
    deals[0].companies.push(other);
    let report = report_of(deals, &question());
    let retail = find(&report, "Retail");
    assert_eq!((retail.n, retail.lift.n, retail.lift.others), (40, 39, 40));
    assert!((retail.weight - 39.5).abs() < 1e-12);
}

#[test]
fn an_empty_portal_has_an_empty_report() {
    let report = report_of(vec![], &question());
    assert_eq!(
        (report.all.n, report.segments.len(), report.questions),
        (0, 0, 0)
    );
}

#[test]
fn fiscal_quarters_leap_days_and_summer_time_are_the_portals() {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let asked = IcpQuestion {
        fiscal_year: 2.try_into().unwrap(),
        zone,
        window_months: 400,
        ..question()
    };
    let moved = |deal: DealRow, at: Moment, name: &str| DealRow {
        created_at: at,
        watched_from: at,
        outcome: match deal.outcome {
            Outcome::Won(_) => Outcome::Won(after(at, 1.0)),
            _ => Outcome::Lost(after(at, 1.0)),
        },
        ..industry(deal, name)
    };
    let quarter_of = |text: &str, expected: &str| {
        // Another quarter says the opposite: that makes the strata visible.
        let (at, other) = (moment(text), moment("2020-06-01T00:00:00Z"));
        let deals = [
            closed(1, 30, 10, |deal| moved(deal, at, "Retail")),
            closed(1_000, 10, 30, |deal| moved(deal, at, "Energy")),
            closed(2_000, 10, 30, |deal| moved(deal, other, "Retail")),
            closed(3_000, 30, 10, |deal| moved(deal, other, "Energy")),
        ];
        let report = report_of(deals.concat(), &asked);
        let strata = &find(&report, "Retail").lift.strata;
        let days: Vec<_> = strata.iter().map(|stratum| stratum.quarter).collect();
        assert!(
            days.contains(&Some(expected.parse().unwrap())),
            "{text} {days:?}"
        );
    };
    // In Berlin, one is the last second of January and the other the first of February.
    quarter_of("2026-01-31T22:59:59Z", "2025-11-01");
    quarter_of("2026-01-31T23:00:00Z", "2026-02-01");
    quarter_of("2024-02-29T12:00:00Z", "2024-02-01");
    quarter_of("2025-10-31T22:59:59Z", "2025-08-01");
    quarter_of("2025-10-31T23:00:00Z", "2025-11-01");
}

#[test]
fn questions_that_are_none_are_refused() {
    let check = |change: fn(&mut IcpQuestion), error: IcpError| {
        let mut asked = question();
        change(&mut asked);
        assert_eq!(icp(&IcpRows::default(), &asked), Err(error));
    };
    let property = |n: u32| Dimension::Property(format!("p{n}"));
    let four = move |asked: &mut IcpQuestion| asked.dimensions = (0..4).map(property).collect();
    let mut asked = question();
    four(&mut asked);
    assert_eq!(
        icp(&IcpRows::default(), &asked),
        Err(IcpError::TooManyProperties)
    );
    check(|asked| asked.dimensions.clear(), IcpError::Dimensions);
    check(
        |asked| asked.dimensions.push(Dimension::Industry),
        IcpError::Dimensions,
    );
    check(|asked| asked.horizon_days = 0, IcpError::Horizon);
}
