//! What people do to a deal while it goes its way: names, stages, amounts, dates, verdicts.

use crm::Moment;

use super::calendar::{at_work, days, month_end, shift};
use super::cast::{Company, hostile, person};
use super::deals::{DealFacts, Scene, owner_at};
use super::dice::Dice;
use super::journey::{Place, Step};
use super::model::{self, SIZE_BANDS};
use super::names;
use crate::portal::Portal;
use crate::portal::people::Outcome;
use crate::portal::phrases::COMPETITORS;
use crate::portal::property as p;
use crate::portal::property::Prop;
use crate::portal::record::{Source, SourceKind, Stamp};
use crate::portal::standard::SOURCES;
use crate::portal::strings::Strings;
use crate::portal::value::{Cell, Value};

/// What a deal's story is told from.
pub(crate) struct Teller<'a> {
    /// The world's circumstances.
    pub scene: &'a Scene<'a>,
    /// What decides about the deal.
    pub facts: DealFacts,
    /// Who owns it from when on.
    pub owners: &'a [(Moment, usize)],
    /// Whose deal it is.
    pub company: &'a Company,
    /// Which deal it is.
    pub number: u64,
}

impl Teller<'_> {
    /// Values from the start, and changes in no particular order. Each chapter draws from its own
    /// stream of chance.
    pub(crate) fn tell(&self, portal: &mut Portal, steps: &[Step]) -> (Vec<Cell>, Vec<Stamp>) {
        let dice = |stream: &str| Dice::new(self.scene.seed, stream, self.number);
        let mut story = Story {
            portal,
            scene: self.scene,
            facts: self.facts,
            owners: self.owners,
            stamps: Vec::new(),
            cells: Vec::new(),
        };
        let created = steps[0].0;
        story.describe(self.number, self.company, &mut dice("deal text"));
        story.move_along(steps, created, &mut dice("deal moves"));
        story.price(steps, self.company, &mut dice("deal amount"));
        story.date(steps, created, &mut dice("deal close date"));
        story.judge(steps, self.number, &mut dice("deal verdict"));
        (story.cells, story.stamps)
    }
}

struct Story<'a> {
    portal: &'a mut Portal,
    scene: &'a Scene<'a>,
    facts: DealFacts,
    owners: &'a [(Moment, usize)],
    stamps: Vec<Stamp>,
    cells: Vec<Cell>,
}

impl Story<'_> {
    fn strings(&mut self) -> &mut Strings {
        &mut self.portal.strings
    }

    fn place(&mut self, prop: Prop, text: &str) {
        let sym = self.strings().keep(text);
        self.cells.push(Cell::new(prop, Value::Text(sym)));
    }

    fn by_owner(&self, at: Moment) -> Source {
        person(self.scene.cast.reps[owner_at(self.owners, at)])
    }

    fn change(&mut self, at: Moment, prop: Prop, value: Value) {
        let source = self.by_owner(at);
        self.stamps.push(Stamp::new(at, prop, value, source));
    }

    fn change_text(&mut self, at: Moment, prop: Prop, text: &str) {
        let sym = self.strings().keep(text);
        self.change(at, prop, Value::Text(sym));
    }

    fn describe(&mut self, number: u64, company: &Company, dice: &mut Dice) {
        let product = dice.pick(&names::PRODUCTS);
        let mut name = format!("{} - {product}", company.short);
        if number % 89 == 11 {
            name = format!("{} {name}", hostile(number / 89).write());
        }
        self.place(p::DEALNAME, &name);
        let new_business = self.facts.pipeline == 0;
        self.place(
            p::DEALTYPE,
            if new_business {
                "newbusiness"
            } else {
                "existingbusiness"
            },
        );
        self.place(p::HS_ANALYTICS_SOURCE, SOURCES[self.facts.source].0);
        self.place(
            p::DEAL_CURRENCY_CODE,
            if company.dollars { "USD" } else { "EUR" },
        );
        let owner = self.scene.cast.reps[self.facts.rep].owner;
        self.place(p::HUBSPOT_OWNER_ID, &owner.to_string());
        if dice.chance(0.5) {
            let step = dice.pick(&[
                "Send offer",
                "Call procurement",
                "Site visit",
                "Wait for board",
            ]);
            self.place(p::HS_NEXT_STEP, step);
        }
        for (at, rep) in self.owners.iter().skip(1).copied().collect::<Vec<_>>() {
            let text = self.scene.cast.reps[rep].owner.to_string();
            let sym = self.strings().keep(&text);
            let source = Source {
                kind: SourceKind::Automation,
                number: 0,
            };
            self.stamps.push(Stamp::new(
                at,
                p::HUBSPOT_OWNER_ID,
                Value::Text(sym),
                source,
            ));
        }
    }

    fn stage_id(&self, pipeline: usize, place: Place) -> String {
        let stages = &self.portal.pipelines[pipeline].stages;
        let wanted = |outcome| stages.iter().find(|stage| stage.outcome == outcome);
        let stage = match place {
            Place::Open(index) => stages.get(index),
            Place::Won => wanted(Outcome::Won),
            Place::Lost => wanted(Outcome::Lost),
        };
        stage.map_or_else(String::new, |stage| stage.id.clone())
    }

    /// Stage, pipeline and forecast category. One deal in a hundred starts in the wrong pipeline.
    fn move_along(&mut self, steps: &[Step], created: Moment, dice: &mut Dice) {
        let pipeline = self.facts.pipeline;
        let right = self.portal.pipelines[pipeline].id.clone();
        let first = self.stage_id(pipeline, Place::Open(0));
        if dice.chance(0.01) {
            let other = 1 - pipeline;
            let (wrong, stage) = (
                self.portal.pipelines[other].id.clone(),
                self.stage_id(other, Place::Open(0)),
            );
            self.place(p::PIPELINE, &wrong);
            self.place(p::DEALSTAGE, &stage);
            let noticed = shift(created, 30_000);
            self.change_text(noticed, p::PIPELINE, &right);
            self.change_text(noticed, p::DEALSTAGE, &first);
        } else {
            self.place(p::PIPELINE, &right);
            self.place(p::DEALSTAGE, &first);
        }
        let mut category = "PIPELINE";
        self.place(p::HS_MANUAL_FORECAST_CATEGORY, category);
        for (at, place) in steps.iter().skip(1) {
            let stage = self.stage_id(pipeline, *place);
            self.change_text(*at, p::DEALSTAGE, &stage);
            let open_stages = self.scene.model.pipelines[pipeline].stages.len();
            let next = match place {
                Place::Won => "CLOSED",
                Place::Lost => "OMIT",
                Place::Open(stage) if stage + 1 == open_stages && dice.chance(0.7) => "COMMIT",
                Place::Open(stage) if stage + 3 > open_stages && dice.chance(0.6) => "BEST_CASE",
                Place::Open(_) => "PIPELINE",
            };
            if next != category {
                self.change_text(shift(*at, 1_500), p::HS_MANUAL_FORECAST_CATEGORY, next);
                category = next;
            }
        }
    }

    /// Amounts: log-normal around the size band's median, edited at some stage moves, a little
    /// downwards on average. One deal in twenty starts without an amount.
    #[allow(
        clippy::cast_possible_truncation,
        reason = "amounts are far below 2^53"
    )]
    fn price(&mut self, steps: &[Step], company: &Company, dice: &mut Dice) {
        let round = |amount: f64| ((amount / 50.0).round().max(1.0) as i64) * 5_000;
        let mut amount = SIZE_BANDS[company.size].2 * (0.6 * dice.normal()).exp();
        let mut known = !dice.chance(0.05);
        if known {
            self.cells
                .push(Cell::new(p::AMOUNT, Value::Cents(round(amount))));
        }
        for (at, place) in steps.iter().skip(1) {
            let edits = matches!(place, Place::Open(_)) && dice.chance(0.3);
            let fills = !known && *place != Place::Lost;
            if edits || fills {
                amount *= (0.18 * dice.normal() - 0.03).exp();
                // Some prices end in cents.
                let cents = if dice.chance(0.1) {
                    i64::from(dice.word() % 100)
                } else {
                    0
                };
                let before = shift(*at, -20_000);
                self.change(before, p::AMOUNT, Value::Cents(round(amount) + cents));
                known = true;
            }
        }
    }

    /// Close dates: a guess at creation, pushed when it is missed (one in seven is left to rot),
    /// pulled in at the last stage, and set to the day itself when the deal closes.
    fn date(&mut self, steps: &[Step], created: Moment, dice: &mut Dice) {
        let cycle: f64 = self.scene.model.pipelines[self.facts.pipeline]
            .stages
            .iter()
            .map(|s| s.mean_days)
            .sum();
        let guess = |at: Moment, low: f64, high: f64, dice: &mut Dice| {
            let raw = shift(at, days(dice.between(low, high)));
            if dice.chance(0.5) {
                month_end(raw)
            } else {
                raw
            }
        };
        let mut expected = guess(created, 0.4 * cycle, 0.9 * cycle, dice);
        self.cells
            .push(Cell::new(p::CLOSEDATE, Value::At(expected)));
        for (index, (at, place)) in steps.iter().enumerate() {
            let until = steps.get(index + 1).map_or(*at, |(next, _)| *next);
            let last_stage = *place
                == Place::Open(self.scene.model.pipelines[self.facts.pipeline].stages.len() - 1);
            match place {
                Place::Won | Place::Lost => {
                    expected = *at;
                    self.change(shift(*at, 1_000), p::CLOSEDATE, Value::At(expected));
                    continue;
                }
                Place::Open(_) if last_stage && dice.chance(0.6) => {
                    expected = guess(*at, 7.0, 35.0, dice);
                    self.change(shift(*at, 2_000), p::CLOSEDATE, Value::At(expected));
                }
                Place::Open(_) => {}
            }
            loop {
                let noticed = at_work(shift(expected, days(dice.between(-3.0, 6.0))), dice);
                let noticed = noticed.max(shift(*at, 3_000));
                if noticed >= until || !dice.chance(0.86) {
                    break;
                }
                let far = (self.scene.model.shows.put_off * self.facts.interest).exp();
                expected = guess(noticed, 14.0 * far, 50.0 * far, dice);
                self.change(noticed, p::CLOSEDATE, Value::At(expected));
            }
        }
    }

    /// Competitor and reasons. The competitor is written down more often when the deal is lost:
    /// whoever counts losses by this property must notice.
    fn judge(&mut self, steps: &[Step], number: u64, dice: &mut Dice) {
        let competitor = COMPETITORS[self.facts.competitor];
        let mut written = competitor.is_empty();
        let (at_stage, at_end) = (dice.chance(model::RECORDED_AT_STAGE), dice.unit());
        for (at, place) in steps {
            let writes = match place {
                Place::Open(stage) => *stage >= 2 && at_stage,
                Place::Won => at_end < model::RECORDED_AT_WIN,
                Place::Lost => at_end < model::RECORDED_AT_LOSS,
            };
            if writes && !written {
                self.change_text(shift(*at, 4_000), p::MAIN_COMPETITOR, competitor);
                written = true;
            }
            let after = shift(*at, 5_000);
            match place {
                Place::Won if dice.chance(0.6) => {
                    self.change_text(after, p::CLOSED_WON_REASON, dice.pick(&names::WINS));
                }
                Place::Lost if dice.chance(0.88) => {
                    let reason = if number.is_multiple_of(151) {
                        hostile(number / 151).write()
                    } else if !competitor.is_empty() && dice.chance(0.55) {
                        dice.pick(&names::LOSSES_TO).replace("{}", competitor)
                    } else {
                        dice.pick(&names::LOSSES).to_owned()
                    };
                    self.change_text(after, p::CLOSED_LOST_REASON, &reason);
                }
                Place::Open(_) | Place::Won | Place::Lost => {}
            }
        }
    }
}
