//! What a request can ask of a record: stored values, and those that HubSpot works out.

use std::borrow::Cow;

use crm::Moment;

use super::Portal;
use super::kind::Kind;
use super::people::Outcome;
use super::property as p;
use super::property::Prop;
use super::record::{Record, SourceKind};
use super::strings::Sym;
use super::value::{DAY, Value};

/// A property that was asked for by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Field {
    /// One with a definition.
    Defined(Prop),
    /// `hs_v2_date_entered_{stage}` and its siblings. They need no definition in the list, as
    /// some portals do not list them (verified-sources issue 647).
    Stage(StageFigure, String),
}

/// What HubSpot counts about a deal's stay in a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StageFigure {
    /// Last entry.
    Entered,
    /// Last exit.
    Exited,
    /// Milliseconds of the latest stay, once it is over.
    Latest,
    /// Milliseconds of all stays that are over.
    Cumulative,
}

const STAGE_PREFIXES: [(&str, StageFigure); 4] = [
    ("hs_v2_date_entered_", StageFigure::Entered),
    ("hs_v2_date_exited_", StageFigure::Exited),
    ("hs_v2_latest_time_in_", StageFigure::Latest),
    ("hs_v2_cumulative_time_in_", StageFigure::Cumulative),
];

impl Portal {
    /// The field behind a name; `None` when the type has no such property.
    pub(crate) fn field(&self, kind: Kind, name: &str) -> Option<Field> {
        if let Some(prop) = self.names.find(name)
            && self.schema(kind).live(prop).is_some()
        {
            return Some(Field::Defined(prop));
        }
        if kind != Kind::Deals {
            return None;
        }
        STAGE_PREFIXES.iter().find_map(|(prefix, figure)| {
            let stage = name.strip_prefix(prefix)?;
            self.stage_named(stage)
                .map(|_| Field::Stage(*figure, stage.to_owned()))
        })
    }

    /// A field's value at `now`; `None` when it was never set.
    pub(crate) fn value(
        &self,
        kind: Kind,
        record: &Record,
        field: &Field,
        now: Moment,
    ) -> Option<Value> {
        match field {
            Field::Defined(prop) => self
                .common(kind, record, *prop)
                .or_else(|| match kind {
                    Kind::Deals => self.deal_value(record, *prop, now),
                    Kind::Contacts | Kind::Companies => self.counted(record, *prop, now),
                    _ => None,
                })
                .or_else(|| record.value(*prop)),
            Field::Stage(figure, stage) => self.stage_value(record, *figure, stage),
        }
    }

    /// A field's value as HubSpot spells it.
    pub(crate) fn spelled(
        &self,
        kind: Kind,
        record: &Record,
        field: &Field,
        now: Moment,
    ) -> Option<Cow<'_, str>> {
        self.value(kind, record, field, now)
            .map(|value| value.spell(&self.strings))
    }

    fn common(&self, kind: Kind, record: &Record, prop: Prop) -> Option<Value> {
        match prop {
            p::HS_OBJECT_ID => Some(Value::Whole(i64::try_from(record.id).unwrap_or(i64::MAX))),
            p::HS_CREATEDATE => Some(Value::At(record.created)),
            // The older types let a writer set their create date; the activities have none.
            p::CREATEDATE if !kind.is_activity() => record
                .value(p::CREATEDATE)
                .or(Some(Value::At(record.created))),
            p::HS_LASTMODIFIEDDATE | p::LASTMODIFIEDDATE => Some(Value::At(record.modified)),
            p::HS_OBJECT_SOURCE => Some(Value::Text(self.source_word(record.origin.kind))),
            _ => None,
        }
    }

    fn source_word(&self, kind: SourceKind) -> Sym {
        self.source_words[kind as usize]
    }

    fn deal_value(&self, deal: &Record, prop: Prop, now: Moment) -> Option<Value> {
        let outcome = || self.outcome(deal);
        match prop {
            p::HS_IS_CLOSED => Some(Value::Flag(outcome() != Outcome::Open)),
            p::HS_IS_CLOSED_WON => Some(Value::Flag(outcome() == Outcome::Won)),
            p::HS_IS_CLOSED_LOST => Some(Value::Flag(outcome() == Outcome::Lost)),
            p::HS_DEAL_STAGE_PROBABILITY => self.stage(deal).map(|s| Value::Cents(s.probability)),
            p::AMOUNT_IN_HOME_CURRENCY | p::HS_DEAL_AMOUNT_IN_HOME_CURRENCY => {
                self.home_cents(deal).map(Value::Cents)
            }
            p::HS_CLOSED_AMOUNT => {
                let won = outcome() == Outcome::Won;
                Some(Value::Cents(if won {
                    self.home_cents(deal).unwrap_or(0)
                } else {
                    0
                }))
            }
            p::HS_PROJECTED_AMOUNT | p::HS_FORECAST_AMOUNT => {
                let probability = self.stage(deal)?.probability;
                self.home_cents(deal)
                    .map(|cents| Value::Cents(cents * probability / 100))
            }
            p::DAYS_TO_CLOSE if outcome() != Outcome::Open => match deal.value(p::CLOSEDATE) {
                Some(Value::At(closed)) => Some(Value::Whole(
                    (closed.millis() - deal.created.millis()).max(0) / DAY,
                )),
                _ => None,
            },
            p::HS_V2_DATE_ENTERED_CURRENT_STAGE => self.entered_stage(deal).map(Value::At),
            p::HS_V2_TIME_IN_CURRENT_STAGE => self
                .entered_stage(deal)
                .map(|entered| Value::Whole((now.millis() - entered.millis()).max(0))),
            _ => self.counted(deal, prop, now),
        }
    }

    /// Counts over a record's associations.
    fn counted(&self, record: &Record, prop: Prop, now: Moment) -> Option<Value> {
        let count = |kind: Kind| {
            Some(Value::Whole(
                i64::try_from(record.linked(kind).len()).unwrap_or(i64::MAX),
            ))
        };
        match prop {
            p::NUM_ASSOCIATED_CONTACTS => count(Kind::Contacts),
            p::NUM_ASSOCIATED_DEALS => count(Kind::Deals),
            p::NUM_NOTES => {
                let all = record
                    .links
                    .iter()
                    .filter(|link| link.kind.is_activity())
                    .count();
                Some(Value::Whole(i64::try_from(all).unwrap_or(i64::MAX)))
            }
            p::NOTES_LAST_CONTACTED => {
                let contact = [Kind::Calls, Kind::Emails, Kind::Meetings];
                self.last_activity(record, &contact, now).map(Value::At)
            }
            p::NOTES_LAST_UPDATED => self
                .last_activity(record, &Kind::ACTIVITIES, now)
                .map(Value::At),
            _ => None,
        }
    }

    fn last_activity(&self, record: &Record, kinds: &[Kind], now: Moment) -> Option<Moment> {
        record
            .links
            .iter()
            .filter(|link| kinds.contains(&link.kind))
            .filter_map(|link| self.table(link.kind).get(link.to)?.value(p::HS_TIMESTAMP))
            .filter_map(|value| match value {
                Value::At(at) if at <= now => Some(at),
                _ => None,
            })
            .max()
    }

    /// The amount in the home currency, in cents.
    fn home_cents(&self, deal: &Record) -> Option<i64> {
        let Some(Value::Cents(cents)) = deal.value(p::AMOUNT) else {
            return None;
        };
        let rate = match deal.value(p::DEAL_CURRENCY_CODE) {
            Some(Value::Text(code)) => self.rates.get(&code).copied(),
            _ => None,
        };
        Some(rate.map_or(cents, |rate| (cents * rate + 5_000) / 10_000))
    }

    fn entered_stage(&self, deal: &Record) -> Option<Moment> {
        deal.history(p::DEALSTAGE).first().map(|stamp| stamp.at)
    }

    fn stage_value(&self, deal: &Record, figure: StageFigure, stage: &str) -> Option<Value> {
        let mut history = deal.history(p::DEALSTAGE);
        history.reverse();
        let mut stays = Vec::new();
        for (index, stamp) in history.iter().enumerate() {
            if stamp.cell.value().spell(&self.strings) == stage {
                stays.push((stamp.at, history.get(index + 1).map(|next| next.at)));
            }
        }
        let span = |(from, to): (Moment, Moment)| to.millis() - from.millis();
        let mut over = stays
            .iter()
            .filter_map(|(from, to)| to.map(|to| (*from, to)));
        match figure {
            StageFigure::Entered => stays.last().map(|(from, _)| Value::At(*from)),
            StageFigure::Exited => stays.last().and_then(|(_, to)| to.map(Value::At)),
            StageFigure::Latest => over.next_back().map(|stay| Value::Whole(span(stay))),
            StageFigure::Cumulative => {
                let total: i64 = over.map(span).sum();
                (!stays.is_empty()).then_some(Value::Whole(total))
            }
        }
    }
}
