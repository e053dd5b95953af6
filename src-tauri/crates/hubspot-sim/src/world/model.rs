//! The true effects: what a report should find in the demo portal and must not find in the null
//! one. Everything here ends up in `truth`.
//!
//! A deal stays in a stage for an exponential time. Two hazards compete for its end: to advance,
//! which is multiplied by `exp(sum of effects)`, and to be lost, which no effect changes. So it
//! advances with odds `base odds * exp(sum of effects)`, and the higher these are, the sooner it
//! leaves; with a fixed chance it goes back one stage instead. Hazards are constant within a stage,
//! and the chance to win from any stage follows by solving one equation a stage.

use super::dice::Dice;

/// Hazards of one stage.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StageModel {
    /// Mean stay, in days.
    pub mean_days: f64,
    /// Chance to advance rather than to be lost, on leaving, without any effect.
    pub advance: f64,
    /// Activities a week.
    pub weekly_activities: f64,
}

/// One pipeline's stages.
#[derive(Debug, Clone)]
pub(crate) struct PipelineModel {
    /// Open stages in order; winning follows the last.
    pub stages: Vec<StageModel>,
    /// Share of deals that enter this pipeline.
    pub share: f64,
}

/// What a customer's interest, which no property says, changes in what people see of a deal.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Shows {
    /// Log-odds by each standard deviation that a call or an e-mail comes from the customer.
    pub answers: f64,
    /// Logarithm by each standard deviation of how far a missed close date is put off: a customer
    /// who hesitates is waited for by a little again and again.
    pub put_off: f64,
}

/// Everything that decides about a deal.
#[derive(Debug, Clone)]
pub(crate) struct Model {
    /// Whether there are effects at all.
    pub null: bool,
    /// In the order of the portal's pipelines.
    pub pipelines: Vec<PipelineModel>,
    /// Chance to go back one stage on leaving.
    pub back: f64,
    /// Chance that an advance skips a stage; nobody skips into a win.
    pub skip: f64,
    /// Chance that a lost deal is opened again, once.
    pub reopen: f64,
    /// Log-odds by industry, in the order of `portal::standard::INDUSTRIES`.
    pub industry: [f64; 8],
    /// Log-odds by size band, see [`SIZE_BANDS`].
    pub size: [f64; 5],
    /// Log-odds by source, in the order of `portal::standard::SOURCES`.
    pub source: [f64; 8],
    /// Log-odds by owner.
    pub reps: Vec<f64>,
    /// Log-odds when a meeting took place in the first fourteen days.
    pub early_meeting: f64,
    /// Log-odds when three or more contacts are on the deal.
    pub multithreaded: f64,
    /// Log-odds by each standard deviation of the customer's interest, which nobody records.
    pub interest: f64,
    /// How that interest shows.
    pub shows: Shows,
    /// Log-odds by competitor before the shift; index 0 is "nobody".
    pub competitor_before: [f64; 5],
    /// Log-odds by competitor from the shift on.
    pub competitor_after: [f64; 5],
}

/// Size bands: label, least number of employees, median amount of a deal in whole units, weight.
pub(crate) const SIZE_BANDS: [(&str, u32, f64, f64); 5] = [
    ("1-24", 1, 6_000.0, 0.22),
    ("25-99", 25, 14_000.0, 0.30),
    ("100-499", 100, 32_000.0, 0.28),
    ("500-2499", 500, 75_000.0, 0.14),
    ("2500+", 2_500, 160_000.0, 0.06),
];

/// How often each competitor is up against us; index 0 is "nobody".
pub(crate) const COMPETITOR_SHARES: [f64; 5] = [0.42, 0.24, 0.16, 0.11, 0.07];

/// How many weeks before `now` the competitor shift happened.
pub(crate) const SHIFT_WEEKS_BEFORE_NOW: i64 = 36;

/// Chance that the competitor is written down on reaching the third stage.
pub(crate) const RECORDED_AT_STAGE: f64 = 0.60;
/// Chance that a competitor not yet written down is written down when the deal is lost.
pub(crate) const RECORDED_AT_LOSS: f64 = 0.50;
/// The same when the deal is won: seldom, and that is a trap for whoever counts.
pub(crate) const RECORDED_AT_WIN: f64 = 0.15;

fn stage(mean_days: f64, advance: f64, weekly_activities: f64) -> StageModel {
    StageModel {
        mean_days,
        advance,
        weekly_activities,
    }
}

impl Model {
    /// The demo portal's effects, or none at all.
    pub(crate) fn new(seed: u64, reps: usize, null: bool) -> Self {
        let pipelines = vec![
            PipelineModel {
                stages: vec![
                    stage(28.0, 0.70, 0.70),
                    stage(38.0, 0.72, 0.85),
                    stage(44.0, 0.76, 1.05),
                    stage(40.0, 0.80, 1.25),
                    stage(30.0, 0.86, 1.40),
                ],
                share: 0.78,
            },
            PipelineModel {
                stages: vec![
                    stage(24.0, 0.78, 0.8),
                    stage(36.0, 0.80, 1.1),
                    stage(28.0, 0.86, 1.3),
                ],
                share: 0.22,
            },
        ];
        let mut model = Self {
            null,
            pipelines,
            back: 0.05,
            skip: 0.08,
            reopen: 0.012,
            industry: [0.0; 8],
            size: [0.0; 5],
            source: [0.0; 8],
            reps: vec![0.0; reps],
            early_meeting: 0.0,
            multithreaded: 0.0,
            interest: 0.0,
            shows: Shows::default(),
            competitor_before: [0.0; 5],
            competitor_after: [0.0; 5],
        };
        if !null {
            // Most deals have something that speaks for them and hastens them: so much longer without, a
            // mean deal takes as long as in the null world.
            for stage in model.pipelines.iter_mut().flat_map(|of| &mut of.stages) {
                stage.mean_days *= 1.22;
            }
            model.industry = [0.45, 0.30, 0.0, 0.0, 0.0, 0.0, -0.30, -0.45];
            model.size = [-0.35, 0.0, 0.25, 0.10, -0.20];
            model.source = [0.10, -0.15, 0.0, -0.25, 0.50, 0.0, 0.15, 0.0];
            model.reps = (0..reps)
                .map(|rep| {
                    let drawn = 0.25 * Dice::new(seed, "rep effect", rep as u64).normal();
                    (drawn * 1000.0).round() / 1000.0
                })
                .collect();
            model.early_meeting = 0.35;
            model.multithreaded = 0.30;
            model.interest = 0.30;
            model.shows = Shows {
                answers: 0.80,
                put_off: 0.35,
            };
            model.competitor_before = [0.10, -0.10, -0.20, -0.10, 0.0];
            model.competitor_after = [0.10, -0.80, -0.20, -0.10, 0.0];
        }
        model
    }

    /// The log-odds a competitor adds.
    pub(crate) fn competitor(&self, competitor: usize, after_shift: bool) -> f64 {
        let effects = if after_shift {
            &self.competitor_after
        } else {
            &self.competitor_before
        };
        effects.get(competitor).copied().unwrap_or(0.0)
    }

    /// Chance to advance rather than be lost, on leaving a stage, given the sum of effects.
    pub(crate) fn advance(&self, pipeline: usize, stage: usize, effects: f64) -> f64 {
        let base = self.pipelines[pipeline].stages[stage].advance;
        let odds = base / (1.0 - base) * effects.exp();
        odds / (1.0 + odds)
    }

    /// Mean stay in a stage, in days. Effects raise the hazard to advance and leave the one to be
    /// lost alone, so who is likelier to win also decides sooner.
    pub(crate) fn mean_stay(&self, pipeline: usize, stage: usize, effects: f64) -> f64 {
        let stage = &self.pipelines[pipeline].stages[stage];
        stage.mean_days / (1.0 + stage.advance * (effects.exp() - 1.0))
    }

    /// Chance to win from each open stage, given effects that stay as they are.
    pub(crate) fn win_chances(&self, pipeline: usize, effects: f64) -> Vec<f64> {
        let stages = self.pipelines[pipeline].stages.len();
        let mut chances = vec![0.0_f64; stages + 2];
        for beyond in &mut chances[stages..] {
            *beyond = 1.0;
        }
        // Each sweep from the last stage to the first shrinks the error by the chance of going
        // back or being opened again, under a tenth: twenty sweeps reach the last bit.
        for _ in 0..20 {
            for stage in (0..stages).rev() {
                let advance = self.advance(pipeline, stage, effects);
                let back = if stage == 0 { 0.0 } else { self.back };
                let skip = if stage + 2 < stages { self.skip } else { 0.0 };
                let ahead = skip * chances[stage + 2] + (1.0 - skip) * chances[stage + 1];
                let behind = if stage == 0 { 0.0 } else { chances[stage - 1] };
                let again = self.reopen * chances[stage];
                chances[stage] =
                    back * behind + (1.0 - back) * (advance * ahead + (1.0 - advance) * again);
            }
        }
        chances.truncate(stages);
        chances
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_rise_along_the_pipeline_and_with_effects() {
        let model = Model::new(7, 12, false);
        for pipeline in 0..2 {
            let plain = model.win_chances(pipeline, 0.0);
            assert!(plain.windows(2).all(|pair| pair[0] < pair[1]), "{plain:?}");
            let better = model.win_chances(pipeline, 0.5);
            assert!(plain.iter().zip(&better).all(|(a, b)| a < b && *b < 1.0));
        }
    }

    #[test]
    fn a_pipeline_without_detours_is_a_product() {
        let mut model = Model::new(7, 12, true);
        (model.back, model.skip, model.reopen) = (0.0, 0.0, 0.0);
        let product = 0.70 * 0.72 * 0.76 * 0.80 * 0.86;
        assert!((model.win_chances(0, 0.0)[0] - product).abs() < 1e-12);
    }
}
