//! By when a deal counts as won, where nobody says.

use super::cohort::{Span, days};
use super::rows::{IcpQuestion, IcpRows};
use crate::competitors::Outcome;

/// Horizons to choose among, in days. A window of 24 months watches half of its deals for the
/// longest.
const HORIZONS: [u32; 3] = [90, 180, 365];
/// The share of wins that a horizon has to see.
const ENOUGH_OF_THE_WINS: f64 = 0.75;
/// Wins below which nobody can say how long they take.
const LEAST_WINS: usize = 20;

/// The shortest horizon by which three of four wins have come, of deals that were created long enough ago
/// for each horizon to be over; 90 days where fewer than 20 of them were won. The question's own horizon
/// is not looked at.
#[must_use]
pub fn usual_horizon(rows: &IcpRows, question: &IcpQuestion) -> u32 {
    let [shortest, .., longest] = HORIZONS;
    let span = Span::whole(question);
    let wins: Vec<f64> = rows
        .deals
        .iter()
        .filter(|deal| !deal.renewal && deal.created_at >= span.from)
        .filter(|deal| days(question.as_of, deal.created_at) >= f64::from(longest))
        .filter_map(|deal| match deal.outcome {
            Outcome::Won(at) if at <= question.as_of => Some(days(at, deal.created_at)),
            _ => None,
        })
        .collect();
    if wins.len() < LEAST_WINS {
        return shortest;
    }
    let seen = |horizon: &u32| {
        let by_then = wins.iter().filter(|days| **days <= f64::from(*horizon));
        by_then.count() as f64 >= ENOUGH_OF_THE_WINS * wins.len() as f64
    };
    HORIZONS.into_iter().find(seen).unwrap_or(longest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::icp::DealRow;
    use crm::{Moment, RecordId};
    use jiff::SignedDuration;
    use jiff::tz::TimeZone;

    fn deal(id: u64, created_at: Moment, won_after: Option<i64>) -> DealRow {
        let later = |days: i64| created_at.plus(SignedDuration::from_hours(24 * days));
        DealRow {
            id: RecordId::new(id),
            created_at,
            watched_from: created_at,
            outcome: won_after.map_or(Outcome::Open, |days| Outcome::Won(later(days))),
            amount: None,
            gone_at: None,
            last_activity_at: None,
            owner: None,
            renewal: false,
            values: super::super::Values::new(),
            companies: Vec::new(),
        }
    }

    /// So many wins, each after so many days, of deals created so many days ago.
    #[track_caller]
    fn check(wins: &[(u64, i64)], created_days_ago: i64, expected: u32) {
        let as_of: Moment = "2026-11-22T12:00:00Z".parse().unwrap();
        let created = as_of.plus(SignedDuration::from_hours(-24 * created_days_ago));
        let mut rows = IcpRows::default();
        for &(count, after) in wins {
            let deals = (0..count).map(|id| deal(id, created, Some(after)));
            rows.deals.extend(deals);
        }
        rows.deals.push(deal(1_000, created, None));
        let question = IcpQuestion::at(as_of, TimeZone::UTC);
        assert_eq!(usual_horizon(&rows, &question), expected, "{wins:?}");
    }

    #[test]
    fn the_shortest_that_sees_three_of_four_wins() {
        check(&[(30, 80), (10, 200)], 400, 90);
        check(&[(29, 80), (11, 100)], 400, 180);
        check(&[(20, 80), (20, 300)], 400, 365);
        check(&[(40, 390)], 400, 365);
    }

    #[test]
    fn too_few_wins_or_too_young_ones_leave_it_short() {
        check(&[(19, 300)], 400, 90);
        // Of deals of 300 days nobody knows what takes a year.
        check(&[(40, 200)], 300, 90);
    }
}
