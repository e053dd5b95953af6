//! The report's figures, each with its definition, its method and the query that lists its deals.

use crm::Moment;
use rust_decimal::Decimal;
use stats::Evidence;
use timeline::queries;

use super::backtest::scores::label;
use super::deals::OpenDeal;
use super::draws::Drawn;
use super::landmarks::Horizon;
use super::newcomers::Newcomers;
use super::report::{Figure, Forecaster, Model, MoneyValue, QueryRef, Spread};
use super::scope::{Scope, Won};
use super::sums::Sums;
use super::{ForecastQuestion, count, evidence, words};

/// The level of a forecast's interval: from the 10th to the 90th of 100 drawn ends, "4 in 5".
const LEVEL: f64 = 0.8;

/// Makes the figures of one report.
pub(crate) struct Makers<'a> {
    pub(crate) scope: Scope<'a>,
    pub(crate) question: &'a ForecastQuestion,
    pub(crate) bounds: (Moment, Moment),
    pub(crate) horizon: Option<Horizon>,
    pub(crate) evidence: Evidence,
    /// None when the period is over.
    pub(crate) model: Option<Model>,
    /// Whose number stands in the place of the models'.
    pub(crate) baseline: Option<Forecaster>,
    pub(crate) sums: &'a Sums,
}

/// What one figure says of itself.
struct Words {
    id: &'static str,
    label: &'static str,
    definition: &'static str,
    method: String,
}

impl Makers<'_> {
    pub(crate) fn closed(&self, won: &[Won]) -> Figure {
        let words = Words {
            id: "forecast.closed",
            label: "Closed so far",
            definition: "The amounts of the deals won from the period's first day on, each with \
                         the amount known a day after it was won. Won is the entry into a won \
                         stage that was not undone since.",
            method: "Added up; other currencies at HubSpot's own rates.".to_owned(),
        };
        self.fact(
            words,
            self.sums.closed,
            won.len(),
            self.in_period(queries::DEALS_WON),
        )
    }

    pub(crate) fn open(&self, open: &[OpenDeal]) -> Figure {
        let words = Words {
            id: "forecast.open",
            label: "Open",
            definition: "The amounts of all deals that are open, whatever their close date.",
            method: "Added up; other currencies at HubSpot's own rates.".to_owned(),
        };
        self.fact(
            words,
            self.sums.open,
            open.len(),
            self.scope.query(queries::DEALS_OPEN, &[]),
        )
    }

    pub(crate) fn expected_from_open(&self, open: &[OpenDeal], drawn: &Drawn) -> Figure {
        let words = Words {
            id: "forecast.expected_from_open",
            label: "Expected from open deals",
            definition: "For every open deal its amount times the probability that it is won \
                         within the period, added up.",
            method: self.method(),
        };
        let query = self.scope.query(queries::DEALS_OPEN, &[]);
        let ends = [0.1, 0.9].map(|q| self.scope.drawn_money(drawn.open.at(q).0));
        self.estimate(words, self.sums.expected, Some(ends), open.len(), query)
    }

    pub(crate) fn expected_from_new(
        &self,
        new: Option<&Newcomers>,
        missing: Option<Evidence>,
        drawn: &Drawn,
    ) -> Figure {
        let words = Words {
            id: "forecast.expected_from_new",
            label: "Expected from new deals",
            definition: "What deals that are created from now on and won within the period are \
                         expected to bring: so many a week, the share of them that is won in the \
                         time left, with amounts of past wins. Lists these wins.",
            method: match (self.horizon, new) {
                (None, _) => "The period is over: nothing is left to expect.".to_owned(),
                (_, None) => "Too few wins are known to tell.".to_owned(),
                (_, Some(new)) => format!(
                    "{:.1} deals created a week over {} weeks, the recent ones weighing most; \
                     interval from {} draws.",
                    new.per_week, new.weeks, self.question.draws
                ),
            },
        };
        let since = evidence::training_start(self.scope);
        let own = [
            (":from", since.millis().to_string()),
            (
                ":until",
                self.scope
                    .as_of
                    .plus(jiff::SignedDuration::from_millis(1))
                    .millis()
                    .to_string(),
            ),
        ];
        let query = self.scope.query(queries::DEALS_WON, &own);
        let until = self.scope.as_of;
        let wins = self
            .scope
            .won()
            .filter(|won| since <= won.closing.at && won.closing.at <= until)
            .count();
        let value = self.sums.new.unwrap_or_default();
        let ends = new.map(|_| [0.1, 0.9].map(|q| self.scope.drawn_money(drawn.new.at(q).0)));
        let own = Self {
            evidence: match (self.horizon, new) {
                (None, _) => Evidence::Sound,
                (_, None) => missing.unwrap_or(Evidence::of_count(0)),
                (_, Some(_)) => Evidence::of_count(count(wins)),
            },
            ..*self
        };
        own.estimate(words, value, ends, wins, query)
    }

    pub(crate) fn total(&self, open: &[OpenDeal], won: &[Won], spread: Option<&Spread>) -> Figure {
        let words = Words {
            id: "forecast.total",
            label: "Forecast",
            definition: "Closed so far, and what open deals and deals that do not exist yet are \
                         expected to bring within the period.",
            method: match self.baseline {
                Some(baseline) => format!(
                    "{}: nearer than the models on past Mondays, so its number stands in their \
                     place; interval by how far it missed then.",
                    label(baseline)
                ),
                None => self.method(),
            },
        };
        let ends = spread.map(|spread| [spread.p10, spread.p90]);
        let total = self.sums.total();
        let query = self.in_period(queries::DEALS_IN_FORECAST);
        self.estimate(words, total, ends, open.len() + won.len(), query)
    }

    pub(crate) fn hubspot(&self, open: &[OpenDeal]) -> Figure {
        let words = Words {
            id: "forecast.hubspot",
            label: "HubSpot's weighting",
            definition: "Closed so far, and for every open deal whose close date lies in the \
                         period its amount times HubSpot's probability of its stage.",
            method: "HubSpot's stage probabilities as they are now.".to_owned(),
        };
        let inside = open.iter().filter(|deal| deal.closes_in_period).count();
        let total = self.sums.closed + self.sums.hubspot;
        self.fact(
            words,
            total,
            inside,
            self.in_period(queries::DEALS_OPEN_CLOSING),
        )
    }

    fn method(&self) -> String {
        let draws = self.question.draws;
        match (self.horizon, self.model) {
            (None, _) | (_, None) => "The period is over: nothing is left to expect.".to_owned(),
            (Some(horizon), Some(Model::StageRates)) => format!(
                "Share of earlier deals in the same stage that were won {}; interval from {draws} \
                 draws.",
                horizon.words()
            ),
            (Some(horizon), Some(Model::Hazard)) => format!(
                "Chance to be won {} by a hazard of winning and losing in each week, learned from \
                 earlier deals; interval from {draws} draws.",
                horizon.words()
            ),
        }
    }

    fn in_period(&self, query: queries::Query) -> QueryRef {
        let (from, until) = self.bounds;
        let own = [
            (":from", from.millis().to_string()),
            (":until", until.millis().to_string()),
        ];
        self.scope.query(query, &own)
    }

    /// A count of what is: no interval, nothing drawn.
    fn fact(&self, words: Words, value: Decimal, n: usize, query: QueryRef) -> Figure {
        Figure {
            id: words.id.to_owned(),
            label: words.label.to_owned(),
            definition: words.definition.to_owned(),
            method: words.method,
            value: Some(self.scope.money(value)),
            low: None,
            high: None,
            level: None,
            n: count(n),
            evidence: Evidence::Sound,
            needs: None,
            as_of: self.scope.as_of,
            seed: None,
            query,
        }
    }

    /// An estimate: with its interval, or without a number where the evidence does not carry one.
    fn estimate(
        &self,
        words: Words,
        value: Decimal,
        ends: Option<[MoneyValue; 2]>,
        n: usize,
        query: QueryRef,
    ) -> Figure {
        let known = self.evidence.has_number();
        let ends = ends.filter(|_| known);
        Figure {
            value: known.then(|| self.scope.money(value)),
            low: ends.map(|[low, _]| low),
            high: ends.map(|[_, high]| high),
            level: ends.map(|_| LEVEL),
            evidence: self.evidence,
            needs: words::needs(self.evidence),
            seed: Some(self.question.seed.to_string()),
            ..self.fact(words, value, n, query)
        }
    }
}
