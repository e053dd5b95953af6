//! What portals do to their records: deletions, contacts added late, parts that turn the whole.

use analyses::competitors::Outcome;
use analyses::icp::{ContactRow, DealRow, Dimension, IcpNoteCode, IcpReport, IcpRows, Values, icp};
use crm::RecordId;

use super::world::{after, as_of, company, deal, moment, question, segment};

fn says(report: &IcpReport, code: IcpNoteCode) -> bool {
    report.notes.iter().any(|note| note.code == code)
}

/// A deal of a company of an industry, an own country and size, closed within days.
fn closed(id: u64, industry: &str, country: &str, employees: f64, won: bool) -> DealRow {
    let created = after(moment("2026-03-02T10:00:00Z"), id as f64 % 40.0);
    let outcome = match won {
        true => Outcome::Won(after(created, 10.0)),
        false => Outcome::Lost(after(created, 20.0)),
    };
    let values: Values = [
        (Dimension::Industry, industry.to_owned()),
        (Dimension::Country, country.to_owned()),
    ]
    .into();
    DealRow {
        companies: vec![company(50_000 + id, values, employees)],
        ..deal(id, created, outcome)
    }
}

fn report_of(deals: Vec<DealRow>) -> IcpReport {
    let rows = IcpRows {
        deals,
        ..IcpRows::default()
    };
    icp(&rows, &question()).unwrap()
}

#[test]
fn a_flip_within_any_other_dimension_is_shown_as_strata() {
    // The golden strata of the facts, in sizes, countries or industries: crude 0.75, pooled 1.45.
    let golden = [
        (true, 0, 81, 6),
        (true, 1, 192, 71),
        (false, 0, 234, 36),
        (false, 1, 55, 25),
    ];
    let check = |make: &dyn Fn(u64, bool, usize, bool) -> DealRow, of: Dimension, by: Dimension| {
        let mut deals = Vec::new();
        for (inside, stratum, won, lost) in golden {
            for n in 0..won + lost {
                deals.push(make(deals.len() as u64 + 1, inside, stratum, n < won));
            }
        }
        let report = report_of(deals);
        let found = segment(&report, &[(of.clone(), Some(value(&of, 0)))]);
        let strata = &found.lift.strata;
        assert!(!strata.is_empty(), "{of} within {by}");
        assert!(
            strata.iter().all(|s| s.dimension.as_ref() == Some(&by)),
            "{strata:?}"
        );
        let counts: Vec<_> = strata
            .iter()
            .map(|s| (s.happened, s.n, s.others_happened, s.others))
            .collect();
        assert_eq!(counts, [(81, 87, 234, 270), (192, 263, 55, 80)]);
    };
    fn value(of: &Dimension, place: usize) -> &'static str {
        match of {
            Dimension::Industry => ["Energy", "Retail"][place],
            Dimension::Country => ["AT", "DE"][place],
            _ => ["1-10", "11-50"][place],
        }
    }
    let band = |place: usize| [5.0, 30.0][place];
    let side = |inside: bool| usize::from(!inside);
    let [industry, country] = [Dimension::Industry, Dimension::Country];
    check(
        &|id, inside, stratum, won| {
            let own = value(&Dimension::Industry, side(inside));
            closed(id, own, "AT", band(stratum), won)
        },
        industry.clone(),
        Dimension::Size,
    );
    check(
        &|id, inside, stratum, won| {
            let own = value(&Dimension::Industry, side(inside));
            closed(id, own, value(&Dimension::Country, stratum), 5.0, won)
        },
        industry.clone(),
        country.clone(),
    );
    check(
        &|id, inside, stratum, won| {
            let own = value(&Dimension::Country, side(inside));
            closed(id, value(&Dimension::Industry, stratum), own, 5.0, won)
        },
        country,
        industry,
    );
}

#[test]
fn a_pair_that_is_its_part_over_again_is_no_segment() {
    let deals = (0..80).map(|id| {
        let (industry, country) = if id % 2 == 0 {
            ("Retail", "AT")
        } else {
            ("Energy", "DE")
        };
        closed(id + 1, industry, country, 5.0, id % 3 == 0)
    });
    let report = report_of(deals.collect());
    assert!(
        report.segments.iter().all(|s| s.parts.len() == 1),
        "{:?}",
        report.segments
    );
    // One deal elsewhere, and the pair is news.
    let other = (0..80).map(|id| {
        let (industry, country) = if id % 2 == 0 {
            ("Retail", "AT")
        } else {
            ("Energy", "DE")
        };
        closed(
            id + 1,
            industry,
            if id == 0 { "DE" } else { country },
            5.0,
            id % 3 == 0,
        )
    });
    let report = report_of(other.collect());
    assert!(report.segments.iter().any(|s| s.parts.len() == 2));
}

#[test]
fn deleted_deals_count_up_to_their_deletion() {
    let mut deals: Vec<_> = (0..60)
        .map(|id| closed(id + 1, "Retail", "AT", 5.0, id % 3 == 0))
        .collect();
    let whole = report_of(deals.clone());
    for deal in deals
        .iter_mut()
        .filter(|deal| matches!(deal.outcome, Outcome::Lost(_)))
    {
        deal.gone_at = Some(moment("2026-08-01T00:00:00Z"));
    }
    let cleared = report_of(deals.clone());
    assert_eq!(cleared.all, whole.all, "clearing losses away does not help");
    assert!(says(&cleared, IcpNoteCode::Deleted) && !says(&whole, IcpNoteCode::Deleted));
    // Open until it was deleted: it was watched until then, and is in no table of the horizon.
    let mut gone = closed(999, "Retail", "AT", 5.0, false);
    gone.outcome = Outcome::Open;
    gone.gone_at = Some(after(gone.created_at, 5.0));
    deals.push(gone);
    let report = report_of(deals);
    assert_eq!(
        (report.all.n, report.all.open, report.all.zombies),
        (61, 1, 0)
    );
    let rate = |report: &IcpReport| report.all.by_horizon[0].rate.unwrap().value;
    assert!((rate(&report) - rate(&whole)).abs() < 1e-12);
}

#[test]
fn a_contact_counts_once_and_not_for_a_deal_before_it() {
    let created = moment("2026-03-02T10:00:00Z");
    let contact = |id: u64, first_deal_at| ContactRow {
        id: RecordId::new(id),
        created_at: created,
        watched_from: created,
        first_deal_at,
        gone_at: None,
        values: Values::new(),
        companies: vec![],
    };
    let mut contacts: Vec<_> = (0..30).map(|id| contact(id + 1, None)).collect();
    contacts.extend((30..40).map(|id| contact(id + 1, Some(after(created, 3.0)))));
    let rows = |contacts| IcpRows {
        contacts,
        ..IcpRows::default()
    };
    let report = icp(&rows(contacts.clone()), &question()).unwrap();
    let rate = report.all.contacts.with_deal.unwrap();
    assert!((rate.value - 0.25).abs() < 1e-12 && report.all.contacts.n == 40);
    // Added to a deal of the month before: the contact did not bring it.
    contacts.extend((40..60).map(|id| contact(id + 1, Some(after(created, -30.0)))));
    let report = icp(&rows(contacts), &question()).unwrap();
    assert_eq!(report.all.contacts.with_deal, Some(rate));
    assert_eq!(report.method.after_their_deal, 20);
    assert!(says(&report, IcpNoteCode::AfterTheirDeal));
}

#[test]
fn a_horizon_shorter_than_most_wins_is_told() {
    let slow = |id: u64| {
        let created = moment("2026-01-05T10:00:00Z");
        let outcome = match id % 3 {
            0 => Outcome::Won(after(created, 150.0)),
            _ => Outcome::Lost(after(created, 20.0)),
        };
        deal(id + 1, created, outcome)
    };
    let rows = IcpRows {
        deals: (0..60).map(slow).collect(),
        of_today: [(Dimension::Industry, 12), (Dimension::Size, 0)].into(),
        merged: 2,
        ..IcpRows::default()
    };
    let report = icp(&rows, &question()).unwrap();
    assert!(says(&report, IcpNoteCode::ShortHorizon) && says(&report, IcpNoteCode::Merged));
    let of_today = report
        .notes
        .iter()
        .find(|note| note.code == IcpNoteCode::ValuesOfToday)
        .unwrap();
    assert!(of_today.message.contains("industry (12)") && !of_today.message.contains("size"));
    assert_eq!(report.as_of, as_of());
}
