//! What a reader must know to trust the figures rightly.

use std::collections::BTreeMap;

use crm::RecordId;
use timeline::{DealIx, Known};

use super::deals::{OpenDeal, risks};
use super::landmarks::TRAINING_MONTHS;
use super::report::{NoteCode, Risk, Severity};

pub(crate) use super::report::Note;
use super::scope::{Scope, Won};
use super::words;

/// Deals that a note lists.
const LISTED: usize = 100;

/// Wins without a single loss from which on losses are taken as not recorded.
const WINS_WITHOUT_LOSS: u32 = 5;

/// Closed deals from which on a share of wins can be called strange.
const CLOSED_FOR_SKEW: u32 = 20;

/// Deals closed within the training window.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ClosedCounts {
    pub(crate) won: u32,
    pub(crate) lost: u32,
}

impl ClosedCounts {
    pub(crate) fn losses_not_recorded(self) -> bool {
        self.won >= WINS_WITHOUT_LOSS && self.lost == 0
    }

    /// Shares beyond which vendors refuse to score, such as Einstein's: above 90 % or below 3 %.
    pub(crate) fn skewed(self) -> bool {
        let closed = self.won + self.lost;
        let share = f64::from(self.won) / f64::from(closed.max(1));
        closed >= CLOSED_FOR_SKEW && self.lost > 0 && !(0.03..=0.9).contains(&share)
    }
}

/// Collects notes.
pub(crate) struct Notes<'a> {
    scope: Scope<'a>,
    notes: Vec<Note>,
}

impl<'a> Notes<'a> {
    pub(crate) fn new(scope: Scope<'a>) -> Self {
        Self {
            scope,
            notes: Vec::new(),
        }
    }

    /// The notes, warnings first.
    pub(crate) fn finish(mut self) -> Vec<Note> {
        self.notes.sort_by_key(|note| (note.severity, note.code));
        self.notes
    }

    /// Takes over what was said of a scope that is wider only in its owners.
    pub(crate) fn repeat(&mut self, notes: &[Note]) {
        self.notes.extend_from_slice(notes);
    }

    pub(crate) fn say(&mut self, code: NoteCode, severity: Severity, message: String) {
        self.notes.push(Note {
            code,
            severity,
            message,
            count: 0,
            deals: Vec::new(),
        });
    }

    /// A note about deals; none when there are none of the kind.
    fn about(
        &mut self,
        code: NoteCode,
        severity: Severity,
        deals: impl Iterator<Item = DealIx>,
        message: impl FnOnce(&str) -> String,
    ) {
        let mut ids: Vec<RecordId> = deals.map(|deal| self.scope.timeline.id(deal)).collect();
        if ids.is_empty() {
            return;
        }
        let count = u32::try_from(ids.len()).unwrap_or(u32::MAX);
        ids.sort_unstable();
        ids.truncate(LISTED);
        let message = message(&words::deals(count));
        self.notes.push(Note {
            code,
            severity,
            message,
            count,
            deals: ids,
        });
    }

    pub(crate) fn on_outcomes(&mut self, counts: ClosedCounts) {
        let ClosedCounts { won, lost } = counts;
        if counts.losses_not_recorded() {
            let message = format!(
                "Losses are not recorded: {won} deals won and none lost in {TRAINING_MONTHS} \
                 months. Close lost deals in HubSpot; until then the rates are weak."
            );
            self.say(NoteCode::LossesNotRecorded, Severity::Warning, message);
        }
        if counts.skewed() {
            let message = format!(
                "{won} of {} closed deals were won. So one-sided a record seldom means what it \
                 says; look at how deals are closed.",
                won + lost
            );
            self.say(NoteCode::SkewedOutcomes, Severity::Warning, message);
        }
    }

    /// `counted`: whether deals without an amount count with those of such deals' wins.
    pub(crate) fn on_open_deals(&mut self, open: &[OpenDeal], counted: bool) {
        let scope = self.scope;
        let mut by_kind: BTreeMap<NoteCode, Vec<DealIx>> = BTreeMap::new();
        for deal in open {
            for risk in risks(scope, deal) {
                let code = match risk {
                    Risk::CloseDatePast { .. } => NoteCode::CloseDatePast,
                    Risk::NoAmount => NoteCode::NoAmount,
                    Risk::NegativeAmount => NoteCode::NegativeAmount,
                    Risk::NoExchangeRate => NoteCode::NoExchangeRate,
                    Risk::Pushed { .. } | Risk::NoCloseDate | Risk::NoOwner => continue,
                };
                by_kind.entry(code).or_default().push(deal.deal);
            }
        }
        for (code, deals) in by_kind {
            let information = Severity::Information;
            self.about(code, information, deals.into_iter(), |n| match code {
                NoteCode::NoAmount if counted => format!(
                    "{n} without an amount: counted with the amounts of such deals that were won."
                ),
                NoteCode::NoAmount => format!("{n} without an amount: open, counted for nothing."),
                NoteCode::NegativeAmount => {
                    format!("{n} open with an amount below zero, taken as it stands.")
                }
                NoteCode::NoExchangeRate => {
                    format!("{n} open in a currency without a known rate: left out of every sum.")
                }
                _ => format!("{n} open with a close date that has passed."),
            });
        }
    }

    pub(crate) fn on_won_deals(&mut self, won: &[Won]) {
        let information = Severity::Information;
        let strange = |kind: fn(&Won) -> bool| won.iter().filter(move |w| kind(w)).map(|w| w.deal);
        self.about(
            NoteCode::NoAmount,
            information,
            strange(|w| w.own_amount.is_none()),
            |n| format!("{n} won in the period without an amount."),
        );
        let negative = strange(|w| {
            w.own_amount
                .is_some_and(|a| a.is_sign_negative() && !a.is_zero())
        });
        self.about(NoteCode::NegativeAmount, information, negative, |n| {
            format!("{n} won in the period with an amount below zero, taken as it stands.")
        });
        let no_rate = strange(|w| w.own_amount.is_some() && w.amount.is_none());
        self.about(NoteCode::NoExchangeRate, Severity::Warning, no_rate, |n| {
            format!("{n} won in a currency without a known rate: left out of every sum.")
        });
        let arrived = strange(|w| w.closing.on_arrival);
        self.about(NoteCode::WonOnArrival, information, arrived, |n| {
            format!("{n} arrived already won and dated by the close date.")
        });
    }

    pub(crate) fn on_histories(&mut self) {
        let scope = self.scope;
        let snapshot = scope.snapshot();
        let there = || scope.timeline.deals().filter(|&deal| snapshot.exists(deal));
        let in_scope = |deal: DealIx| {
            let pipeline = snapshot.deal(deal).and_then(|state| state.pipeline);
            pipeline.is_none_or(|pipeline| scope.holds(pipeline))
        };
        let information = Severity::Information;
        let unknown = there().filter(|&deal| {
            let state = snapshot.deal(deal);
            in_scope(deal) && state.is_some_and(|state| state.stage == Known::Unknown)
        });
        self.about(NoteCode::StageUnknown, information, unknown, |n| {
            format!("{n} whose stage then is not known: HubSpot's history begins later. Left out.")
        });
        let imported = there().filter(|&deal| in_scope(deal) && scope.timeline.from_import(deal));
        self.about(NoteCode::HistoryFromImport, information, imported, |n| {
            format!("{n} whose history begins with an import: what came before is not known.")
        });
        let gone = there().filter(|&deal| in_scope(deal) && scope.timeline.gone_at(deal).is_some());
        self.about(NoteCode::GoneSince, information, gone, |n| {
            format!("{n} known then and deleted since.")
        });
    }

    pub(crate) fn on_labels(&mut self) {
        let timeline = self.scope.timeline;
        let mut pipelines_of: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        for ix in timeline.stages_in_order() {
            let stage = timeline.stage(ix);
            let of = pipelines_of.entry(&stage.label).or_default();
            if self.scope.holds(stage.pipeline) && !of.contains(&stage.pipeline) {
                of.push(stage.pipeline);
            }
        }
        let shared = pipelines_of.values().filter(|of| of.len() > 1).count();
        if shared > 0 {
            let message = format!(
                "{shared} stage labels occur in more than one pipeline; each stage is counted for \
                 itself."
            );
            self.say(NoteCode::SameStageLabel, Severity::Information, message);
        }
    }
}
