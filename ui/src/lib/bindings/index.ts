// Written by `UPDATE_BINDINGS=1 cargo test -p app bindings` from the Rust types. Never edited by hand.

/**
 * Which deals are asked about, and when.
 */
export type ActivityArgs = { 
/**
 * The portal, or an open snapshot.
 */
portal: string, 
/**
 * The day whose end is looked from, as `2026-08-03` in the portal's time zone; none means now.
 */
as_of: string | null, 
/**
 * One pipeline, or all.
 */
pipeline: string | null, };

/**
 * What speaks against reading an association as an effect.
 */
export type ActivityFlag = { 
/**
 * Which.
 */
code: ActivityFlagCode, 
/**
 * In words.
 */
text: string, };

/**
 * What speaks against reading an association as an effect.
 */
export type ActivityFlagCode = "follows_progress" | "placebo_alike" | "not_balanced";

/**
 * The deals behind rungs.
 */
export type ActivityGroup = { 
/**
 * The name that rungs carry.
 */
id: string, 
/**
 * What is common to the deals.
 */
definition: string, 
/**
 * How many.
 */
n: number, 
/**
 * The deals, in the order of their ids.
 */
deals: string[], 
/**
 * The query that lists them with what happened around them.
 */
query: QueryRef, };

/**
 * How the figures were made.
 */
export type ActivityMethod = { 
/**
 * Changes whenever the same data could give another figure.
 */
id: string, 
/**
 * In words.
 */
text: string, 
/**
 * The run's seed; a string, as it may exceed what JavaScript's numbers hold.
 */
seed: string, 
/**
 * Draws of the bootstrap.
 */
draws: number, 
/**
 * Weeks of deals that were compared.
 */
deal_weeks: number, 
/**
 * Whether those are of deals drawn by lot, because there are very many.
 */
sampled: boolean, 
/**
 * Whether the deals at landmarks were drawn by lot, because there are very many.
 */
sampled_at_landmarks: boolean, };

/**
 * Something a reader must know.
 */
export type ActivityNote = { 
/**
 * Stable, for programs.
 */
code: string, 
/**
 * For people.
 */
text: string, };

/**
 * Which activities go with winning, as knowable at `as_of`.
 */
export type ActivityReport = { 
/**
 * The name and version of this shape.
 */
schema: string, 
/**
 * Nothing later than this moment was used.
 */
as_of: string, 
/**
 * The portal's time zone, in which quarters begin.
 */
time_zone: string, 
/**
 * One pipeline; none means all.
 */
pipeline: PipelineView | null, 
/**
 * Days within which a deal is won or not.
 */
horizon_days: number, 
/**
 * Days between the end of a window and the moment from which the outcome counts.
 */
lag_days: number, 
/**
 * The finding in a sentence.
 */
finding: string, 
/**
 * The ladders: what survives adjustment first, then by strength.
 */
rows: Array<ActivityRow>, 
/**
 * How many questions the q-values were controlled over.
 */
questions: number, 
/**
 * What stalled deals lack.
 */
stalled: Stalled, 
/**
 * The deals behind the rungs, by the name that a rung carries.
 */
groups: Array<ActivityGroup>, 
/**
 * What a reader must know.
 */
notes: Array<ActivityNote>, 
/**
 * How the figures were made.
 */
method: ActivityMethod, };

/**
 * One kind of activity, counted over one window.
 */
export type ActivityRow = { 
/**
 * The kind.
 */
measure: Measure, 
/**
 * What it is called on a screen.
 */
label: string, 
/**
 * What exactly is counted.
 */
definition: string, 
/**
 * The window's days.
 */
window_days: number, 
/**
 * A window counts as holding the activity from so many on: one more than its median.
 */
at_least: number, 
/**
 * The ladder, from the rawest to the most careful comparison.
 */
rungs: Array<Rung>, 
/**
 * How strong the evidence is.
 */
verdict: ActivityVerdict, 
/**
 * The same in words.
 */
verdict_label: string, 
/**
 * The change of the chance to be won that so many deals find four times in five. None where
 * nothing could be fitted.
 */
smallest_found: number | null, 
/**
 * How strongly something unseen would have to go with both activity and winning to leave nothing.
 */
e_value: EValue | null, 
/**
 * The share of false ones among all findings up to this one (Benjamini and Hochberg).
 */
q: number | null, 
/**
 * What speaks against reading it as an effect.
 */
flags: Array<ActivityFlag>, };

/**
 * How strong the evidence is, by rule.
 */
export type ActivityVerdict = "survives_adjustment" | "association" | "none_found" | "too_few" | "not_used";

/**
 * Which activities go with winning, with where it comes from.
 */
export type ActivityView = { 
/**
 * The portal, or an open snapshot.
 */
portal: string, 
/**
 * Present where this was made from a snapshot.
 */
snapshot?: SnapshotMark, 
/**
 * The pipelines that can be asked for.
 */
pipelines: Array<PipelineOption>, 
/**
 * The report.
 */
report: ActivityReport, };

/**
 * Competitors side by side.
 */
export type Adjusted = { 
/**
 * Those with enough deals, by key.
 */
rows: Array<AdjustedRow>, 
/**
 * Deals won or lost that the regression is made of.
 */
deals: number, 
/**
 * Segments that have a column of their own; the others are compared as one.
 */
segments: Array<string>, 
/**
 * Companies that the errors rest on.
 */
companies: number, 
/**
 * Why there is no row.
 */
why_none: WhyNotAdjusted | null, };

/**
 * A competitor's part in the outcome, all else in the regression equal.
 */
export type AdjustedRow = { 
/**
 * The competitor.
 */
competitor: CompetitorId, 
/**
 * The odds of winning with it in the deal over those without it.
 */
odds: Ratio, 
/**
 * By how much the chance of winning changes on average over all deals counted.
 */
effect: Effect, 
/**
 * Deals won or lost with it in them.
 */
deals: string[], };

/**
 * An open deal's time in its stage, against deals that were then at that age.
 */
export type AgeBenchmark = { 
/**
 * Share of stays in this stage that had ended by this age; those that last count up to now.
 */
percentile: number, 
/**
 * Deals that stayed at least this long: those that were at that age.
 */
at_that_age: number, 
/**
 * Share of them that were won within 90 days of it; those count for whom 90 days have gone by.
 */
won: Rate | null, };

/**
 * An alert.
 */
export type Alert = { 
/**
 * The same for the same rule, competitor and window: who has seen it needs it no second time.
 */
key: string, 
/**
 * What is new.
 */
kind: AlertKind, 
/**
 * What made it known.
 */
trigger: Trigger, 
/**
 * Who.
 */
competitor: CompetitorId, 
/**
 * In which segment; none: in all.
 */
segment: string | null, 
/**
 * The window begins after this moment.
 */
from: string, 
/**
 * The window ends with this moment.
 */
until: string, 
/**
 * In the window: deals lost to it; of `first_seen` deals that name it, of `wins_collapse` deals
 * won against it.
 */
count: number, 
/**
 * Out of how many: all deals lost; of `first_seen` all in which a competitor is named, of
 * `wins_collapse` all deals won or lost with it in them.
 */
exposure: number, 
/**
 * The same in the time before.
 */
count_before: number, 
/**
 * The same in the time before.
 */
exposure_before: number, 
/**
 * The rate in the window over the rate before.
 */
ratio: RateRatio, 
/**
 * Of `money`: its share of the money lost in the window over that before, with the interval of the
 * draws.
 */
money: MoneyRatio | null, 
/**
 * The probability that the rule judged by.
 */
p: number, 
/**
 * `p` over all competitors, and segments, of which the same was asked that week (Benjamini and
 * Hochberg).
 */
q: number, 
/**
 * The chart's last value and its threshold. None where nothing was lost to it before.
 */
chart: [number, number] | null, 
/**
 * The deals that `count` counts; of `wins_collapse` those lost instead.
 */
deals: string[], 
/**
 * Companies they are with; those without one count as one.
 */
companies: number, 
/**
 * Owners they belong to; those without one count as one.
 */
owners: number, };

/**
 * What is new. Where several things are, the first of these is told.
 */
export type AlertKind = "surge" | "newcomer" | "first_seen" | "in_segment" | "money" | "wins_collapse";

/**
 * When an alert is given. The defaults keep within one false alert a quarter among 20 competitors.
 */
export type AlertRule = { 
/**
 * Weeks of the window that is judged.
 */
weeks: number, 
/**
 * Days before the window that it is compared with.
 */
baseline_days: number, 
/**
 * Below this probability the window's excess of losses is no chance.
 */
p: number, 
/**
 * At this probability the excess has gone.
 */
p_over: number, 
/**
 * Weeks between false alarms of one chart on average.
 */
run_length: number, 
/**
 * Weeks that the chart sums up.
 */
chart_weeks: number, 
/**
 * Below this probability a name never seen before is no chance.
 */
p_first_seen: number, 
/**
 * The same for the losses of a segment, shared by all segments.
 */
p_segments: number, 
/**
 * The same for the money lost.
 */
p_money: number, 
/**
 * The same for the deals won.
 */
p_wins: number, 
/**
 * How often the money is drawn again.
 */
draws: number, 
/**
 * The fewest deals in the window.
 */
least: number, 
/**
 * The fewest companies they are with.
 */
companies: number, 
/**
 * The fewest owners they belong to.
 */
owners: number, 
/**
 * Days of silence after an alert.
 */
silent_days: number, };

/**
 * One way to write a competitor's name.
 */
export type Alias = { 
/**
 * The name, a product, an old name, a domain or a common misspelling.
 */
text: string, 
/**
 * How it must be written to count.
 */
matching: Matching, 
/**
 * Whether it is also an ordinary word and needs a cue to count. The well-known ones, such as
 * Close and Front, need one without being told.
 */
ordinary_word: boolean, };

/**
 * Final amount over the amount known while the deal was open.
 */
export type AmountRatio = { 
/**
 * The mean, by which expected values are multiplied.
 */
mean: number, 
/**
 * Share of deals won with the very amount known before.
 */
unchanged: number, 
/**
 * Deals won.
 */
deals: number, };

/**
 * What the window needs to know before anything else.
 */
export type AppStatus = { 
/**
 * This program's version.
 */
version: string, 
/**
 * Whether secrets can be read.
 */
vault: VaultView, 
/**
 * Whether the window was started to show the demo: it then starts it without being asked.
 */
demo_wanted: boolean, 
/**
 * Addresses to register as redirect URLs of an own HubSpot app.
 */
redirect_urls: Array<string>, 
/**
 * Scopes an own HubSpot app must have.
 */
required_scopes: Array<string>, 
/**
 * Scopes that are used where the portal grants them.
 */
optional_scopes: Array<string>, };

/**
 * A plan to be applied.
 */
export type ApplyArgs = { 
/**
 * The caller's name for this work.
 */
job: JobId, 
/**
 * The portal.
 */
portal: string, 
/**
 * The plan's number within its portal.
 */
plan: number, };

/**
 * What was chosen, and why.
 */
export type Approach = { 
/**
 * What made the chances of the open deals.
 */
model: Model, 
/**
 * Why this one, in a sentence.
 */
why: string, 
/**
 * How both models did on past Mondays; none where only one could be tried.
 */
comparison: ModelComparison | null, 
/**
 * The baseline whose number is used as P50; `baseline_why` says why.
 */
baseline: Forecaster | null, 
/**
 * Why, in a sentence; none where no baseline is used.
 */
baseline_why: string | null, 
/**
 * Final amount over the amount known before, of deals that were won.
 */
amount_ratio: AmountRatio | null, 
/**
 * By what the drawn band was stretched about its middle, by how past bands held; 1 where they
 * held as they should, or fewer than 20 Mondays could be asked.
 */
band_stretch: number, 
/**
 * Mondays behind that.
 */
band_origins: number, 
/**
 * Closed deals that the hazard has learned from, where they were drawn by lot because there are
 * very many; none where it has learned from all, or is not used.
 */
hazard_sample: number | null, };

/**
 * The area under the ROC curve: how likely one that happened scores above one that did not, a tie
 * counting half.
 */
export type Auc = { 
/**
 * The area; 0.5 tells nothing apart.
 */
value: number, 
/**
 * Its standard error (DeLong, DeLong and Clarke-Pearson 1988).
 */
error: number, 
/**
 * Lower end of the interval, symmetric on the log odds.
 */
low: number, 
/**
 * Upper end.
 */
high: number, 
/**
 * How often such an interval covers the truth, such as 0.95.
 */
level: number, };

/**
 * What the auditor found.
 */
export type Audit = { 
/**
 * All suspects, also those that were overruled.
 */
suspects: Array<Suspect>, 
/**
 * The columns that nothing was learnt from.
 */
quarantined: Array<string>, };

/**
 * The backtest.
 */
export type Backtest = { 
/**
 * Mondays on which the forecast was made.
 */
origins: number, 
/**
 * Whole periods that they forecast. Mondays of one period share its outcome: this is how often
 * the question was really asked.
 */
periods: number, 
/**
 * The first Monday.
 */
first: string, 
/**
 * The last.
 */
last: string, 
/**
 * How often each Monday's end was drawn.
 */
draws: number, 
/**
 * How it was done, in sentences.
 */
description: string, 
/**
 * All Mondays together, this report first.
 */
scores: Array<Score>, 
/**
 * The same by weeks to the period's end.
 */
by_weeks_to_go: Array<WeeksToGo>, 
/**
 * Every Monday, oldest first.
 */
rows: Array<OriginRow>, };

/**
 * Where a probability comes from.
 */
export type Basis = "hazard" | "stage" | "stage_and_pipeline" | "pipeline" | "portal" | "nothing" | "period_over";

/**
 * Some rows of about one probability.
 */
export type Bin = { 
/**
 * The rows.
 */
n: number, 
/**
 * What was said of them on average.
 */
said: number, 
/**
 * How many of them happened.
 */
happened: number, };

/**
 * A rate after borrowing from the other competitors.
 */
export type Borrowed = { 
/**
 * The rate.
 */
value: number, 
/**
 * Lower end of its interval.
 */
low: number, 
/**
 * Upper end.
 */
high: number, 
/**
 * How much the competitor's own deals weigh, 0 to 1.
 */
weight: number, };

/**
 * The expected calibration error: how far what was said is from what happened, on average over bins
 * of as many rows, against what it is when every probability is right.
 */
export type CalibrationError = { 
/**
 * The mean distance, by rows.
 */
value: number, 
/**
 * The mean of the same over outcomes drawn by the probabilities themselves.
 */
by_chance: number, 
/**
 * How often those are as far off or farther, the observed one counted among them.
 */
p: number, 
/**
 * The bins, by what was said.
 */
bins: Array<Bin>, };

/**
 * The line through outcomes on the log odds that were said: 0 and 1 where they were right.
 */
export type CalibrationLine = { 
/**
 * Above 0 where what happened was said too rarely.
 */
intercept: Effect, 
/**
 * Below 1 where probabilities were too far from the base rate, as those of an overfitted model.
 */
slope: Effect, };

/**
 * Which work to stop.
 */
export type CancelArgs = { 
/**
 * The job as it was named when it began.
 */
job: JobId, };

/**
 * The open deals of one forecast category, as people chose it in HubSpot. Read, never written.
 */
export type CategoryRow = { 
/**
 * HubSpot's value at `as_of`, such as `COMMIT`; none where the deal had none.
 */
category: string | null, 
/**
 * The same in words.
 */
label: string, 
/**
 * Deals that are open in it.
 */
open_deals: number, 
/**
 * Their amounts.
 */
amount: MoneyValue, 
/**
 * Of these deals, those whose close date lies in the period.
 */
closing_deals: number, 
/**
 * Their amounts: what HubSpot's category adds to its forecast.
 */
closing_amount: MoneyValue, 
/**
 * The same weighted with HubSpot's probability of the deals' stages.
 */
hubspot: MoneyValue, 
/**
 * What all its deals are expected to bring within the period; none below the evidence for it.
 */
expected: MoneyValue | null, 
/**
 * Share of earlier deals in this category that were won in as much time as is left now.
 */
won: Rate | null, 
/**
 * What `won` rests on.
 */
evidence: Evidence, 
/**
 * Lists the deals behind `won`.
 */
won_query: QueryRef, 
/**
 * Lists the open deals.
 */
query: QueryRef, };

/**
 * What a reader must know to trust the figures rightly.
 */
export type Caution = "losses_not_recorded" | "no_win_rates" | "logged_after_losses" | "named_more_in_losses" | "names_waiting";

/**
 * A competitor in a segment and a stage.
 */
export type Cell = { 
/**
 * The competitor.
 */
competitor: CompetitorId, 
/**
 * The segment; none: all.
 */
segment: string | null, 
/**
 * The last open stage; none: all.
 */
stage: string | null, 
/**
 * Deals won against it among those closed with it in them, by neutral sources. None where no
 * source is neutral, or below five deals.
 */
win_rate: Rate | null, 
/**
 * The same, borrowed from the other competitors of the same segment and stage.
 */
borrowed: Borrowed | null, 
/**
 * The same, each deal shared by the competitors in it.
 */
fractional: Parts, 
/**
 * How likely a rate so different from that of the other closed deals is by chance (Fisher).
 */
p: number | null, 
/**
 * `p` over all competitors and segments of the report (Benjamini and Hochberg).
 */
q: number | null, 
/**
 * Of the deals lost here, the share that was lost to it by any source.
 */
share_of_losses: Rate | null, 
/**
 * What the win rate rests on.
 */
evidence: Evidence, 
/**
 * Deals behind the win rate.
 */
deals: string[], 
/**
 * Deals lost to it.
 */
lost_deals: string[], };

/**
 * Something that is supposed.
 */
export type Change = { "kind": "drop", 
/**
 * The deal.
 */
deal: string, } | { "kind": "close_on", 
/**
 * The deal.
 */
deal: string, 
/**
 * The day, in the portal's calendar.
 */
day: string, } | { "kind": "amount", 
/**
 * The deal.
 */
deal: string, 
/**
 * In the portal's currency, as plain digits.
 */
amount: string, } | { "kind": "chance", 
/**
 * The deal.
 */
deal: string, 
/**
 * From 0 to 1.
 */
chance: number, } | { "kind": "rates", 
/**
 * One stage, by its pipeline and its id; none means all.
 */
stage: [string, string] | null, 
/**
 * By what: 1.1 for a tenth more.
 */
factor: number, };

/**
 * One change of a plan.
 */
export type ChangeView = { 
/**
 * The record.
 */
record: string, 
/**
 * The record's name in the copy.
 */
name: string | null, 
/**
 * The value compared with; absent when empty.
 */
old: string | null, 
/**
 * The value to be written; absent when the value is to be cleared.
 */
new: string | null, 
/**
 * `planned`, `sending`, `confirmed`, `failed` or `conflict`.
 */
state: string, 
/**
 * Why it failed or was held back.
 */
reason: string | null, };

/**
 * A part of the sentence.
 */
export type Clause = { 
/**
 * The line it tells of.
 */
line: WaterfallLine, 
/**
 * The words, as they stand in the sentence.
 */
text: string, 
/**
 * The exact sum.
 */
amount: MoneyValue, 
/**
 * The deals.
 */
deals: string[], };

/**
 * A run of days in the portal's calendar, both included.
 */
export type ClosingView = { 
/**
 * The first day.
 */
first_day: string, 
/**
 * The last day.
 */
last_day: string, };

/**
 * A competitor.
 */
export type Competitor = { 
/**
 * Its key.
 */
id: CompetitorId, 
/**
 * What it is called on a screen.
 */
name: string, 
/**
 * How it may be written. The name itself counts only if it is among them.
 */
aliases: Array<Alias>, };

/**
 * Changes of a portal's list.
 */
export type CompetitorChangeArgs = { 
/**
 * The portal.
 */
portal: string, 
/**
 * The changes, in order: all of them are made, or none.
 */
changes: Array<ListChange>, };

/**
 * A competitor's key: stable where its name is not.
 */
export type CompetitorId = string;

/**
 * A portal's list of competitors, and whether texts of activities are read for it.
 */
export type CompetitorListView = { 
/**
 * The portal, or an open snapshot.
 */
portal: string, 
/**
 * Present where this is from a snapshot.
 */
snapshot?: SnapshotMark, 
/**
 * How often the list was changed; 0: nobody has made one.
 */
version: number, 
/**
 * When it was changed last.
 */
changed_at: string | null, 
/**
 * Since when bodies of notes and subjects of e-mails are read; none: they are not.
 */
texts_since: string | null, 
/**
 * The competitors.
 */
competitors: Array<Competitor>, 
/**
 * Names of one's own.
 */
own_names: Array<string>, 
/**
 * Words that are nobody's name.
 */
ordinary_words: Array<string>, 
/**
 * Properties of deals that are for competitors.
 */
properties: Array<CompetitorPropertyView>, 
/**
 * Properties that may be, by their names; nobody has chosen them.
 */
proposed: Array<CompetitorPropertyView>, 
/**
 * After a change of `texts_since`: how many texts were removed.
 */
removed: number, };

/**
 * A property of deals that is for competitors.
 */
export type CompetitorProperty = { 
/**
 * Its internal name, which stays when people rename it.
 */
name: string, 
/**
 * Whether it says to whom a deal was lost, rather than who is in it.
 */
lost_to: boolean, };

/**
 * A property of deals that is, or may be, for competitors.
 */
export type CompetitorPropertyView = { 
/**
 * Which, and what it says.
 */
property: CompetitorProperty, 
/**
 * What people see; none where the portal no longer defines it.
 */
label: string | null, };

/**
 * The report.
 */
export type CompetitorReport = { 
/**
 * [`SCHEMA`].
 */
schema: string, 
/**
 * Nothing later than this moment was used.
 */
as_of: string, 
/**
 * What the figures mean.
 */
definitions: Array<Definition>, 
/**
 * Deals, won ones, lost ones, and texts read.
 */
deals: number, 
/**
 * See `deals`.
 */
won: number, 
/**
 * See `deals`.
 */
lost: number, 
/**
 * See `deals`.
 */
texts: number, 
/**
 * What to beware of.
 */
cautions: Array<Caution>, 
/**
 * How each source is filled.
 */
logging: Array<Logging>, 
/**
 * The matrix.
 */
cells: Array<Cell>, 
/**
 * Competitors side by side, segments held equal.
 */
adjusted: Adjusted, 
/**
 * Where deals are lost to each, beside losses with nobody named.
 */
loss_stages: Array<LossStages>, 
/**
 * Reasons without a competitor.
 */
reasons: Array<ReasonRow>, 
/**
 * Alerts of the weeks asked for, oldest first.
 */
alerts: Array<Alert>, 
/**
 * By what rule.
 */
rule: AlertRule, 
/**
 * The lost deals of each segment and stage, which shares of losses are shares of.
 */
margins: Array<Margin>, 
/**
 * Every name found, by deal.
 */
mentions: Array<MentionRow>, 
/**
 * Misspellings and unknown names, those of most deals first.
 */
waiting: Array<WaitingRow>, };

/**
 * Whether the texts of activities are to be read.
 */
export type CompetitorTextsArgs = { 
/**
 * The portal.
 */
portal: string, 
/**
 * On: bodies of notes and subjects of e-mails come with the next sync. Off: they are removed.
 */
on: boolean, };

/**
 * Which report is asked for.
 */
export type CompetitorsArgs = { 
/**
 * The portal, or an open snapshot.
 */
portal: string, 
/**
 * As seen at the end of this day (`2026-08-03`), in the portal's time zone; absent means now.
 */
as_of: string | null, 
/**
 * One pipeline, or all.
 */
pipeline: string | null, 
/**
 * The property that makes the segments: a deal's, or a company's as `company.industry`.
 */
segment: string | null, };

/**
 * The report on competitors, with what the page around it needs.
 */
export type CompetitorsView = { 
/**
 * The portal, or an open snapshot.
 */
portal: string, 
/**
 * Present where this was made from a snapshot.
 */
snapshot?: SnapshotMark, 
/**
 * The pipelines to choose from.
 */
pipelines: Array<PipelineOption>, 
/**
 * The list that was looked for.
 */
list: CompetitorListView, 
/**
 * What the stages of the report are called.
 */
stages: { [key in string]: string }, 
/**
 * What the deals of the report are called.
 */
deal_names: Record<string, string>, 
/**
 * The report.
 */
report: CompetitorReport, };

/**
 * A connection to be made.
 */
export type ConnectArgs = { 
/**
 * The caller's name for this work.
 */
job: JobId, 
/**
 * How.
 */
way: ConnectionWay, 
/**
 * The name to give the portal here; without one, `Portal` and its id.
 */
name: string | null, 
/**
 * Another address than HubSpot's: loopback only, for the simulator.
 */
api_base: string | null, };

/**
 * By what a portal was connected.
 */
export type ConnectedBy = "own_app" | "token";

/**
 * Whether a portal's token is accepted.
 */
export type Connection = { "state": "connected" } | { "state": "token_refused", 
/**
 * When it was refused last.
 */
since: string, } | { "state": "damaged", 
/**
 * What is wrong, in plain words.
 */
why: string, 
/**
 * What to do.
 */
hint: string, } | { "state": "disconnected", 
/**
 * When it said so.
 */
since: string, 
/**
 * Why, in our words.
 */
why: string, };

/**
 * How a portal is reached.
 */
export type ConnectionWay = { "kind": "own_app", 
/**
 * The app's client id.
 */
client_id: string, 
/**
 * The app's client secret. It stays in the portal's encrypted file.
 */
client_secret: string, } | { "kind": "token", 
/**
 * The token as HubSpot showed it.
 */
token: string, };

/**
 * A way to say how likely something is, simplest first.
 */
export type Contender = "constant" | "baseline" | "rules" | "bayes" | "linear" | "trees" | "both";

/**
 * Which copy.
 */
export type CopyArgs = { 
/**
 * A portal, or an open snapshot.
 */
portal: string, };

/**
 * How much open pipeline the gap asks for: what of the gap new deals are not expected to fill, over the
 * share of the open amount that is won within the period.
 */
export type Coverage = { 
/**
 * Open amount over what of the gap new deals are not expected to fill.
 */
have: number, 
/**
 * One over the share of the open amount that is expected to be won within the period.
 */
needed: number, 
/**
 * The same at the 90th of 100 drawn ends: if the period goes well.
 */
needed_low: number, 
/**
 * The same at the 10th; none where nothing is won then.
 */
needed_high: number | null, 
/**
 * How many of 100 drawn ends lie between, such as 0.8.
 */
level: number, 
/**
 * The open amount that `needed` asks for.
 */
needed_amount: MoneyValue, };

/**
 * Which deal.
 */
export type DealArgs = { 
/**
 * The portal, or an open snapshot.
 */
portal: string, 
/**
 * The deal.
 */
deal: string, };

/**
 * An open deal and what is expected of it.
 */
export type DealRow = { 
/**
 * The deal.
 */
id: string, 
/**
 * Its name now; HubSpot keeps no history of it here.
 */
name: string | null, 
/**
 * Its pipeline at `as_of`.
 */
pipeline: PipelineView, 
/**
 * Its stage at `as_of`.
 */
stage_id: string, 
/**
 * The stage's label.
 */
stage_label: string, 
/**
 * Its owner at `as_of`.
 */
owner_id: string | null, 
/**
 * The owner's name.
 */
owner_name: string | null, 
/**
 * The amount as known at `as_of`, in the home currency; none when there is none or no rate.
 */
amount: MoneyValue | null, 
/**
 * The same amount in the deal's own currency.
 */
own_amount: MoneyValue | null, 
/**
 * The close date as known at `as_of`, as a day of the portal's calendar.
 */
close_date: string | null, 
/**
 * Whether that day lies in the period.
 */
closes_in_period: boolean, 
/**
 * Days since the deal was created.
 */
age_days: number, 
/**
 * Days since it entered its stage.
 */
stage_days: number, 
/**
 * Probability that it is won within the period, with its interval.
 */
probability: Rate | null, 
/**
 * What the probability rests on.
 */
evidence: Evidence, 
/**
 * Where the probability comes from.
 */
basis: Basis, 
/**
 * Why, in a sentence.
 */
why: string, 
/**
 * Probability times amount, and times what usually becomes of amounts.
 */
contribution: MoneyValue | null, 
/**
 * HubSpot's own probability of the deal's stage.
 */
hubspot_probability: number | null, 
/**
 * What speaks against the close date or the figures of this deal.
 */
risks: Array<Risk>, 
/**
 * HubSpot's forecast category at `as_of`, as it spells it; none where the deal had none.
 */
category: string | null, 
/**
 * Its time in its stage, against deals that were then at that age; none where few were.
 */
benchmark: AgeBenchmark | null, };

/**
 * What a deal said when.
 */
export type DealStory = { 
/**
 * Present where this was made from a snapshot.
 */
snapshot?: SnapshotMark, 
/**
 * The deal.
 */
deal: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Its owner's name, where there is one.
 */
owner: string | null, 
/**
 * Versions of the tracked properties, oldest first.
 */
versions: Array<DealStoryVersion>, 
/**
 * How many activities of each kind belong to it.
 */
activities: Array<[string, number]>, };

/**
 * One change in a deal's story.
 */
export type DealStoryVersion = { 
/**
 * When.
 */
at: string, 
/**
 * The property's label.
 */
property: string, 
/**
 * The value from then on, in words where HubSpot has them (a stage's or an owner's name).
 */
value: string | null, 
/**
 * What set it, such as `CRM_UI`.
 */
source: string | null, };

/**
 * The customers that the user believes to be the best: any of the values in each dimension.
 */
export type DeclaredIcp = { 
/**
 * Values by dimension, as the report spells them.
 */
values: { [dimension: string]: string[] }, 
/**
 * The newest data that the user had seen when declaring it, where the user says so.
 */
seen_until: string | null, };

/**
 * What was declared, and when.
 */
export type DeclaredIcpView = { 
/**
 * Counts up from 1.
 */
version: number, 
/**
 * When.
 */
declared_at: string, 
/**
 * The newest data that it was made from, where anybody said so.
 */
seen_until: string | null, 
/**
 * What the user calls it; empty where it has no name.
 */
name: string, 
/**
 * Values by dimension, as HubSpot keeps them. Empty: taken back.
 */
declared: { [key in string]: Array<string> }, };

/**
 * What a figure means.
 */
export type Definition = { 
/**
 * The field.
 */
id: string, 
/**
 * What exactly it means.
 */
text: string, };

/**
 * The demo portal, to be started and connected.
 */
export type DemoArgs = { 
/**
 * The caller's name for this work.
 */
job: JobId, };

/**
 * From HubSpot's figure to ours: `hubspot + rates + close_dates + new_deals + baseline =
 * total`, where none is nothing.
 */
export type Difference = { 
/**
 * Deals with a close date in the period: learned rates in place of HubSpot's stage
 * probabilities. None when no rate could be learned.
 */
rates: MoneyValue | null, 
/**
 * Open deals with another close date, or none: HubSpot leaves them out, history says that some
 * of them will be won within the period.
 */
close_dates: MoneyValue | null, 
/**
 * Deals that do not exist yet, which HubSpot leaves out.
 */
new_deals: MoneyValue | null, 
/**
 * From the models' sum to the baseline that is used in its place; none where none is.
 */
baseline: MoneyValue | null, 
/**
 * How many open deals have their close date in the period.
 */
deals_in_period: number, 
/**
 * How many open deals do not.
 */
deals_elsewhere: number, };

/**
 * Why a deal counts differently.
 */
export type DifferenceReason = "rate" | "close_date" | "no_close_date" | "no_stage_probability";

/**
 * What one open deal adds to the difference. All rows together, with the parts of the difference that
 * no open deal has, lead from HubSpot's number to ours, to the cent.
 */
export type DifferenceRow = { 
/**
 * The deal.
 */
id: string, 
/**
 * Its name now.
 */
name: string | null, 
/**
 * What it adds to ours.
 */
ours: MoneyValue, 
/**
 * What it adds to HubSpot's.
 */
hubspot: MoneyValue, 
/**
 * `ours` less `hubspot`.
 */
difference: MoneyValue, 
/**
 * Why they differ.
 */
reason: DifferenceReason, 
/**
 * The same in a sentence.
 */
why: string, };

/**
 * By what customers are told apart. On the wire its name: `industry`, `size`, `country`, `region`,
 * `source`, or a property as `companies.tier`.
 */
export type Dimension = string;

/**
 * How HubSpot calls a dimension.
 */
export type DimensionNames = { 
/**
 * The property's label.
 */
label: string, 
/**
 * Its values' labels, where they have any.
 */
values: { [key in string]: string }, };

/**
 * A share of draws, with the error of drawing a limited number of times.
 */
export type DrawnShare = { 
/**
 * The share, 0 to 1.
 */
value: number, 
/**
 * Lower end of the interval that comes from drawing a limited number of times.
 */
low: number, 
/**
 * Upper end.
 */
high: number, 
/**
 * How often such an interval holds the share of endless draws.
 */
level: number, 
/**
 * How many draws.
 */
draws: number, };

/**
 * The population stability index of counts by bin: then, and now.
 *
 * By the usual rule 0.1 is some change and 0.25 much, but at 200 rows on each side chance alone gives
 * 0.09 on average. So the index is tested: divided by `1/N + 1/M` it is about chi-squared with a
 * degree of freedom less than there are bins (Yurdakul 2018).
 */
export type Drift = { 
/**
 * The index.
 */
value: number, 
/**
 * What chance gives on average at these counts.
 */
by_chance: number, 
/**
 * How likely chance gives as much.
 */
p: number, };

/**
 * How strongly something unseen would have to go with both the activity and the outcome, as a
 * ratio of risks, to leave nothing of an association (VanderWeele and Ding 2017,
 * doi:10.7326/M16-2607).
 */
export type EValue = { 
/**
 * To explain the estimate.
 */
estimate: number, 
/**
 * To bring the interval to 1: 1 where it holds 1 already.
 */
bound: number, };

/**
 * A difference with its standard error, such as the change of a chance by one more meeting.
 */
export type Effect = { 
/**
 * The difference.
 */
value: number, 
/**
 * Its standard error, by the delta method.
 */
error: number, 
/**
 * Lower end of the normal interval.
 */
low: number, 
/**
 * Upper end.
 */
high: number, 
/**
 * How often such an interval covers the truth, such as 0.95.
 */
level: number, 
/**
 * How likely so large a difference is by chance, in either direction.
 */
p: number, };

/**
 * The open deals at one moment.
 */
export type EndView = { 
/**
 * The moment. Nothing later was used for it.
 */
at: string, 
/**
 * Their sum.
 */
amount: MoneyValue, 
/**
 * How many deals.
 */
n: number, 
/**
 * The deals, by id.
 */
deals: string[], 
/**
 * How many of them had no amount.
 */
without_amount: number, 
/**
 * How many of them had an amount that is not known; counted as nothing.
 */
unknown_amount: number, 
/**
 * How many of them had one in a currency without a rate; counted as nothing.
 */
without_rate: number, 
/**
 * Deals of which it is not known whether they belonged here. None of them counts.
 */
not_known: string[], 
/**
 * Those of the deals that were deleted or merged since: HubSpot's own reports leave them out.
 */
gone_since: string[], 
/**
 * The query that lists the deals.
 */
query: QueryRef | null, };

/**
 * What went wrong, as a code. A code exists only because somebody acts on it: the window offers
 * another next step, or the command line another exit status.
 */
export type ErrorCode = "bad_input" | "unknown_portal" | "locked" | "wrong_passphrase" | "keychain_unavailable" | "disconnected" | "token_refused" | "missing_scope" | "unreachable" | "rate_limited" | "refused" | "cancelled" | "consent_timed_out" | "in_use" | "disk_full" | "newer_data" | "damaged" | "definition_conflict" | "wrong_plan_state" | "internal";

/**
 * Something that happened, told to every window.
 */
export type Event = { "event": "progress", 
/**
 * Whose progress.
 */
job: JobId, 
/**
 * The portal it works on, once known.
 */
portal: string | null, 
/**
 * How far it is.
 */
progress: Progress, } | { "event": "portals_changed" };

/**
 * The three states of evidence, the same on every screen.
 */
export type Evidence = { "state": "sound" } | { "state": "weak" } | { "state": "none", 
/**
 * About how many more cases would give a sound figure.
 */
needs: number, };

/**
 * How an amount in another currency became one in the home currency.
 */
export type ExchangeRate = { 
/**
 * The deals' currency.
 */
currency: string, 
/**
 * One unit of it in the home currency: the median over `deals`.
 */
rate: string, 
/**
 * The lowest rate seen.
 */
lowest: string, 
/**
 * The highest rate seen.
 */
highest: string, 
/**
 * Deals for which HubSpot had computed the amount in the home currency.
 */
deals: number, };

/**
 * How many records were on one side alone, by what explains it.
 */
export type ExplainedCounts = { 
/**
 * In HubSpot's recycle bin; marked so here by now.
 */
archived: number, 
/**
 * Merged into another record; followed here by now.
 */
merged: number, 
/**
 * Erased in HubSpot; gone from here too by now.
 */
purged: number, 
/**
 * In HubSpot, which refuses to show it.
 */
no_access: number, 
/**
 * Newer than the sync, or not in HubSpot's index yet.
 */
newer: number, 
/**
 * Missing or outdated here; read and stored by now.
 */
repaired: number, };

/**
 * What explains that a record was on one side alone.
 */
export type Explanation = "archived" | "merged" | "purged" | "no_access" | "newer" | "repaired" | "unexplained";

/**
 * What a portal's token may be needed for.
 */
export type Feature = "reading" | "emails" | "tickets" | "line_items" | "leads" | "custom_objects" | "writeback";

/**
 * Whether the scopes of a feature were granted.
 */
export type FeatureState = "on" | "off" | "unknown";

/**
 * A feature of a portal.
 */
export type FeatureView = { 
/**
 * Which.
 */
feature: Feature, 
/**
 * Whether it can be used.
 */
state: FeatureState, 
/**
 * The scopes that are missing, where it is off.
 */
missing: Array<string>, };

/**
 * A sum of money that is never naked: with its interval, its count, its definition and the query
 * that lists its deals.
 */
export type Figure = { 
/**
 * The figure's stable name, such as `forecast.total`.
 */
id: string, 
/**
 * What it is called on a screen.
 */
label: string, 
/**
 * What exactly it means, in a sentence or two.
 */
definition: string, 
/**
 * How it was computed, in a sentence.
 */
method: string, 
/**
 * The value; none when the evidence does not carry one.
 */
value: MoneyValue | null, 
/**
 * Lower end of the interval; none where the value is a count of facts.
 */
low: MoneyValue | null, 
/**
 * Upper end of the interval.
 */
high: MoneyValue | null, 
/**
 * How often such an interval should cover what happens, such as 0.8.
 */
level: number | null, 
/**
 * Deals in the figure.
 */
n: number, 
/**
 * What it rests on.
 */
evidence: Evidence, 
/**
 * What is missing, in words, when there is no number: `Needs about 12 more closed deals`.
 */
needs: string | null, 
/**
 * Nothing later than this moment was used.
 */
as_of: string, 
/**
 * The seed of the draws, as text; none where nothing was drawn.
 */
seed: string | null, 
/**
 * The query that lists the figure's deals.
 */
query: QueryRef, };

/**
 * A fiscal year to be set.
 */
export type FiscalYearArgs = { 
/**
 * The portal.
 */
portal: string, 
/**
 * The month in which it begins, 1 to 12.
 */
first_month: number, };

/**
 * The fiscal year of a portal.
 */
export type FiscalYearView = { 
/**
 * The month in which it begins, 1 to 12.
 */
first_month: number, };

/**
 * A fact that can be told of an open deal.
 */
export type Flag = "pushed_once" | "pushed_twice" | "close_date_past" | "no_close_date" | "long_in_stage" | "no_amount" | "no_owner";

/**
 * A fold of the contest.
 */
export type FoldSize = { 
/**
 * Rows that were learnt from.
 */
learnt: number, 
/**
 * Rows that were judged.
 */
judged: number, };

/**
 * A forecast to be made.
 */
export type ForecastArgs = { 
/**
 * The portal, or an open snapshot.
 */
portal: string, 
/**
 * The period.
 */
period: PeriodChoice, 
/**
 * As seen at the end of this day (`2026-08-03`), in the portal's time zone; absent means now.
 */
as_of: string | null, 
/**
 * One pipeline, or all.
 */
pipeline: string | null, 
/**
 * The deals of one team's owners; together with `owner` it is refused.
 */
team?: string | null, 
/**
 * The deals of one owner.
 */
owner?: string | null, 
/**
 * An amount to hold the forecast against, in place of the quota that was entered.
 */
quota?: string | null, };

/**
 * The answer to "how will the period end?", as knowable at `as_of`.
 */
export type ForecastReport = { 
/**
 * The name and version of this shape.
 */
schema: string, 
/**
 * Nothing later than this moment was used.
 */
as_of: string, 
/**
 * The portal's time zone, in which every day of this report is meant: `Europe/Berlin`.
 */
time_zone: string, 
/**
 * The portal's own currency, in which every total is given.
 */
home_currency: string, 
/**
 * The period that is forecast.
 */
period: PeriodView, 
/**
 * The pipeline asked for; none means all of them.
 */
pipeline: PipelineView | null, 
/**
 * Whose deals are asked for.
 */
whose: WhoseView, 
/**
 * Won in the period up to `as_of`.
 */
closed: Figure, 
/**
 * Sum of the amounts of the deals that are open at `as_of`.
 */
open: Figure, 
/**
 * What the open deals are expected to bring within the period: the sum of the deals'
 * contributions, with the interval of the draws.
 */
expected_from_open: Figure, 
/**
 * What deals that are created after `as_of` are expected to bring within the period. Its deals
 * are the wins whose amounts were drawn.
 */
expected_from_new: Figure, 
/**
 * Closed so far and expected from open and from new deals, with the interval of the draws; or
 * the number of the baseline that `approach` names. The headline.
 */
total: Figure, 
/**
 * The baseline: closed so far, and HubSpot's own stage probability times amount of every open
 * deal whose close date lies in the period.
 */
hubspot: Figure, 
/**
 * Why `total` and `hubspot` differ, in parts that add up.
 */
difference: Difference, 
/**
 * The same deal by deal, for every open deal that counts differently, the largest first.
 */
difference_by_deal: Array<DifferenceRow>, 
/**
 * The quota of this period and scope, and how likely it is reached; none where none was entered.
 */
quota: QuotaView | null, 
/**
 * HubSpot's forecast categories beside our own figures, the surest first.
 */
categories: Array<CategoryRow>, 
/**
 * Facts of open deals that speak for trouble, each with how often deals like that were won.
 */
risks: Array<RiskRate>, 
/**
 * How often stated close months held, by how often they had been pushed.
 */
pushes: Array<PushRow>, 
/**
 * How long deals stay in each stage.
 */
stage_ages: Array<StageAgeRow>, 
/**
 * Where the period's total will likely end; none when the evidence does not carry a number.
 */
spread: Spread | null, 
/**
 * How many deals are still to come, and what they bring; none when the evidence does not carry
 * a number or the period is over.
 */
new_deals: NewDeals | null, 
/**
 * Which model, which baseline if any, and why; none when the period is over.
 */
approach: Approach | null, 
/**
 * How such forecasts did on past Mondays; none where no past period can be asked.
 */
backtest: Backtest | null, 
/**
 * The pace so far, for the chart.
 */
pace: Pace, 
/**
 * The stages with their win rates, in the order of their pipelines.
 */
stages: Array<StageRow>, 
/**
 * Every open deal, largest contribution first.
 */
deals: Array<DealRow>, 
/**
 * Every deal won in the period so far, newest first.
 */
won: Array<WonRow>, 
/**
 * Won value of every month up to `as_of`, oldest first.
 */
won_by_month: Array<MonthRow>, 
/**
 * The rates with which other currencies were turned into the home currency.
 */
exchange_rates: Array<ExchangeRate>, 
/**
 * What a reader must know to trust these figures rightly; warnings first.
 */
notes: Array<Note>, 
/**
 * How the figures were made.
 */
method: Method, };

/**
 * A forecast with what the page around it needs.
 */
export type ForecastView = { 
/**
 * The portal, or an open snapshot.
 */
portal: string, 
/**
 * Present where this was made from a snapshot.
 */
snapshot?: SnapshotMark, 
/**
 * The pipelines to choose from.
 */
pipelines: Array<PipelineOption>, 
/**
 * The teams to choose from, by name.
 */
teams: Array<TeamOption>, 
/**
 * The owners to choose from, those included who are gone.
 */
owners: Array<OwnerOption>, 
/**
 * The month in which the portal's fiscal year begins, 1 to 12.
 */
fiscal_year: number, 
/**
 * The seed of the draws; the same data, as-of and seed give the same report.
 */
seed: string, 
/**
 * The report.
 */
report: ForecastReport, };

/**
 * What makes a forecast; in a backtest each is scored on the same Mondays.
 */
export type Forecaster = "report" | "stage_rates" | "hazard" | "hubspot_stage_weights" | "closed_only_rates" | "age_ratio" | "last_period" | "seasonal_naive";

/**
 * What forgetting a portal did.
 */
export type ForgetReceipt = { 
/**
 * The portal that is gone.
 */
portal: string, 
/**
 * Names of the files that were removed.
 */
files_removed: Array<string>, 
/**
 * Their sizes together, in bytes.
 */
bytes_removed: number, 
/**
 * Lines about it that were taken out of the logs in the data folder.
 */
log_lines_removed: number, 
/**
 * Snapshots that were saved to places of the user's own, and that only the user can delete.
 */
snapshots_left: Array<string>, 
/**
 * Whether HubSpot confirmed that the refresh token is void. Absent for static tokens, which
 * are deleted in HubSpot by hand.
 */
token_revoked: boolean | null, };

/**
 * What is found among the rows that score highest.
 */
export type Gain = { 
/**
 * The share of rows that are looked at, from the highest score down.
 */
share: number, 
/**
 * The rows that are.
 */
rows: number, 
/**
 * How many of them happened. Rows that tie with the last one count by their share.
 */
found: number, 
/**
 * The share of all that happened that is found.
 */
recall: number, 
/**
 * How many times the base rate the rate among them is.
 */
lift: number, };

/**
 * A report on customers to be made.
 */
export type IcpArgs = { 
/**
 * The portal, or an open snapshot.
 */
portal: string, 
/**
 * As seen at the end of this day (`2026-08-03`), in the portal's time zone; absent means now.
 */
as_of: string | null, 
/**
 * One pipeline, or all.
 */
pipeline: string | null, 
/**
 * By what to tell customers apart: `industry`, `size`, `country`, `region`, `source`. Absent: all
 * of these but the region.
 */
dimensions: Array<string> | null, 
/**
 * Up to three properties more, such as `companies.tier`.
 */
properties: Array<string>, 
/**
 * Days after creation by which a deal counts as won; absent means 90, 180 or 365, the shortest by
 * which three of four wins have come.
 */
horizon_days: number | null, 
/**
 * Another ICP than the kept one, values by dimension. Absent: the kept one.
 */
declared: { [key in string]: Array<string> } | null, };

/**
 * A share after borrowing from similar groups (empirical Bayes).
 */
export type IcpBorrowed = { 
/**
 * The share.
 */
value: number, 
/**
 * Lower end of its interval.
 */
low: number, 
/**
 * Upper end.
 */
high: number, 
/**
 * How often such an interval covers the truth.
 */
level: number, 
/**
 * How much the group's own cases weigh, 0 to 1.
 */
weight: number, 
/**
 * Independent cases that say as much as its own.
 */
n_effective: number, };

/**
 * A rule in those quarters.
 */
export type IcpCheck = { 
/**
 * The verdict.
 */
verdict: IcpVerdict, 
/**
 * Days after creation that shares are compared at; fewer than the report's where the quarters
 * are too new for those.
 */
horizon_days: number, 
/**
 * Deals that fit.
 */
n: number, 
/**
 * Deals that do not.
 */
others: number, 
/**
 * Share won of those that fit. None below five.
 */
rate: Rate | null, 
/**
 * Share won of the others.
 */
others_rate: Rate | null, 
/**
 * One over the other, on the scale of logarithms. None below 20 on either side, or where a
 * share is nothing.
 */
lift: Ratio | null, };

/**
 * The quarters that a rule is checked in: complete ones, by the day of creation.
 */
export type IcpCheckedIn = { 
/**
 * The first day.
 */
from: string, 
/**
 * The day after the last.
 */
until: string, };

/**
 * A condition of a rule.
 */
export type IcpCondition = { 
/**
 * The dimension.
 */
dimension: Dimension, 
/**
 * The value.
 */
value: string, 
/**
 * Whether it is this value, or any other or unknown.
 */
is: boolean, };

/**
 * Contacts of a segment, and whether they get a deal.
 */
export type IcpContacts = { 
/**
 * Contacts, whole or in part.
 */
n: number, 
/**
 * Share with a deal by the horizon. None below five: what was never tried is not bad.
 */
with_deal: Rate | null, 
/**
 * Compared with the rest.
 */
lift: IcpLift, };

/**
 * An ICP to keep.
 */
export type IcpDeclareArgs = { 
/**
 * The portal.
 */
portal: string, 
/**
 * Any of the values in each dimension, as HubSpot keeps or shows them. Empty takes back what was
 * declared before.
 */
declared: { [key in string]: Array<string> }, 
/**
 * The last day (`2026-08-03`) of the data that it was made from. What is newer can check it.
 * Absent: it was not made from this portal's data.
 */
seen_until: string | null, 
/**
 * What it is to be called, up to 60 letters. Empty: it has no name.
 */
name: string, };

/**
 * What the newest quarters say about the customers that the user believes to be the best.
 */
export type IcpDeclaredCheck = { 
/**
 * What was declared.
 */
declared: DeclaredIcp, 
/**
 * The quarters.
 */
checked_in: IcpCheckedIn, 
/**
 * Whether the user had seen some of their data: the verdict is then none.
 */
seen_before: boolean, 
/**
 * The numbers.
 */
check: IcpCheck, };

/**
 * A number with its interval over companies (bootstrap).
 */
export type IcpEstimate = { 
/**
 * The number.
 */
value: number, 
/**
 * Lower end.
 */
low: number, 
/**
 * Upper end.
 */
high: number, 
/**
 * How often such an interval covers the truth.
 */
level: number, };

/**
 * A share by a horizon.
 */
export type IcpHorizonRate = { 
/**
 * Days after creation.
 */
days: number, 
/**
 * The share. None below five deals, or where nobody was watched so long.
 */
rate: Rate | null, };

/**
 * A segment against the rest, among those that were watched for the whole horizon. The rest are
 * those with other known values.
 */
export type IcpLift = { 
/**
 * Watched in the segment, whole members alone.
 */
n: number, 
/**
 * Of them, those to which it happened.
 */
happened: number, 
/**
 * Watched in the rest.
 */
others: number, 
/**
 * Of them, those to which it happened.
 */
others_happened: number, 
/**
 * In the segment, too young for the whole horizon. `ratio` and `p` count them as they stand,
 * against others of the same month of age.
 */
younger: number, 
/**
 * Times as often as in the rest, within quarters and sources (Mantel and Haenszel).
 */
ratio: Ratio | null, 
/**
 * The same without regard to quarters and sources, of those watched for the whole horizon.
 */
crude: Ratio | null, 
/**
 * How likely so large a difference is by chance within quarters and sources (exact mid-p of the
 * sum over strata, or Cochran, Mantel and Haenszel where there are many cases; less the design
 * effect). None below 20 on either side, or where fewer than 10 should happen in the segment, or
 * not happen: not asked.
 */
p: number | null, 
/**
 * The share of false ones among all findings up to this one (Benjamini and Hochberg, a pair of
 * values with a quarter of the weight of one).
 */
q: number | null, 
/**
 * Whether q is at most the level of the report.
 */
found: boolean, 
/**
 * The smallest lift that so many cases find four times in five.
 */
smallest_found: number | null, 
/**
 * Cases on each side that would show the difference as it stands four times in five.
 */
needs: number | null, 
/**
 * Where one number would mislead (it turns within strata, or they differ by more than chance):
 * the strata. `ratio` is then not to be shown.
 */
strata: Array<IcpStratum>, };

/**
 * How the figures were made.
 */
export type IcpMethod = { 
/**
 * Changes whenever the same data could give another figure.
 */
id: string, 
/**
 * The run's seed; a string, as it may exceed what JavaScript's numbers hold.
 */
seed: string, 
/**
 * Draws of the bootstrap.
 */
draws: number, 
/**
 * q-values up to this percentage are findings.
 */
false_discoveries_percent: number, 
/**
 * Deals left out as renewals.
 */
renewals: number, 
/**
 * Deals left out because they ended before they were on record.
 */
unwatched: string[], 
/**
 * Contacts left out for the same reason.
 */
unwatched_contacts: number, 
/**
 * Contacts left out because they were added after their first deal: they did not bring it.
 */
after_their_deal: number, 
/**
 * Deals and contacts left out because they were merged into others, which go on for them.
 */
merged: number, };

/**
 * Something a reader must know.
 */
export type IcpNote = { 
/**
 * Whether the figures may mislead unless this is looked at.
 */
warning: boolean, 
/**
 * What it is about.
 */
code: IcpNoteCode, 
/**
 * What it is, in a sentence.
 */
message: string, 
/**
 * The deals it touches, at most 100.
 */
deals: string[], };

/**
 * What a note is about.
 */
export type IcpNoteCode = "losses_not_recorded" | "skewed_outcomes" | "unknown_values_leak" | "created_together" | "zombies" | "created_when_closed" | "closed_before_created" | "no_amount" | "negative_amount" | "one_amount" | "one_owner" | "unwatched" | "deleted" | "short_horizon" | "values_of_today" | "after_their_deal" | "merged" | "renewals";

/**
 * A value of a dimension.
 */
export type IcpPart = { 
/**
 * The dimension.
 */
dimension: Dimension, 
/**
 * The value. None: unknown.
 */
value: string | null, };

/**
 * The answer to "which customers are worth having?", as knowable at `as_of`.
 */
export type IcpReport = { 
/**
 * [`SCHEMA`].
 */
schema: string, 
/**
 * Nothing later than this moment was used.
 */
as_of: string, 
/**
 * The time zone in which quarters begin.
 */
time_zone: string, 
/**
 * Records created before are left out.
 */
created_from: string, 
/**
 * Days after creation by which a deal counts as won, or a contact as having a deal.
 */
horizon_days: number, 
/**
 * How many deals weigh as much as one independent deal, because companies have several.
 */
design_effect: number, 
/**
 * Everybody, without a lift.
 */
all: IcpSegment, 
/**
 * Segments of one dimension and of two: those with the best lower end first, weak ones after
 * them, those without a number last.
 */
segments: Array<IcpSegment>, 
/**
 * How many questions the q-values were controlled over.
 */
questions: number, 
/**
 * Rules made from older deals and checked on newer ones, with the tiers that follow.
 */
rules: IcpRules | null, 
/**
 * What was declared, if anything, and what the newest quarters say about it.
 */
declared: IcpDeclaredCheck | null, 
/**
 * What a reader must know, warnings first.
 */
notes: Array<IcpNote>, 
/**
 * How the figures were made.
 */
method: IcpMethod, };

/**
 * What a created deal brings: share won by the horizon times mean amount of wins.
 */
export type IcpRevenue = { 
/**
 * In the home currency, a created deal.
 */
per_deal: IcpEstimate, 
/**
 * Wins with an amount.
 */
won: number, 
/**
 * Wins without one; they count as won with a mean amount.
 */
won_without_amount: number, 
/**
 * What the largest amounts were cut to: their 99th percentile.
 */
cut_to: number, 
/**
 * How many were cut.
 */
cut: number, 
/**
 * Share of the three largest deals in all that was won.
 */
top_three: number | null, 
/**
 * Whether that is above 40 % of more than three: the sum is then a story about three deals.
 */
concentrated: boolean, };

/**
 * A rule. Each deal of which all is known that rules ask about fits exactly one of them.
 */
export type IcpRule = { 
/**
 * All of them hold.
 */
conditions: Array<IcpCondition>, 
/**
 * Deals that it was made from.
 */
learned_from: number, 
/**
 * Share of them won by the horizon: flattering, as the rule was made to fit them.
 */
learned_rate: Rate, 
/**
 * What deals say that came afterwards.
 */
check: IcpCheck, 
/**
 * What follows from that.
 */
tier: IcpTier, };

/**
 * All rules, best tier first.
 */
export type IcpRules = { 
/**
 * The rules; none where too few deals were watched, or nothing tells them apart.
 */
rules: Array<IcpRule>, 
/**
 * Watched deals they were made from, as known when the checked quarters began.
 */
learned_from: number, 
/**
 * Of them, won by the horizon.
 */
won: number, 
/**
 * Whether these are at least 200, with 40 won and 40 not.
 */
enough: boolean, };

/**
 * Records with one value of a dimension, or of two.
 */
export type IcpSegment = { 
/**
 * One part, or two. None: everybody.
 */
parts: Array<IcpPart>, 
/**
 * Deals, whole or in part.
 */
n: number, 
/**
 * The sum of their shares: a deal of three companies may be here for a third.
 */
weight: number, 
/**
 * Companies behind them.
 */
companies: number, 
/**
 * Won.
 */
won: number, 
/**
 * Lost.
 */
lost: number, 
/**
 * Open.
 */
open: number, 
/**
 * Open, older than 95 of 100 resolved deals, and without activity for 60 days.
 */
zombies: number, 
/**
 * What the rates rest on.
 */
evidence: Evidence, 
/**
 * Share won by the horizon after borrowing from the other values of the dimension.
 */
win_rate: IcpBorrowed | null, 
/**
 * Share won by each horizon, open deals counted rightly (Aalen and Johansen).
 */
by_horizon: Array<IcpHorizonRate>, 
/**
 * Share won by the horizon if the zombies are lost. None without zombies.
 */
if_zombies_lost: Rate | null, 
/**
 * The baseline: won of closed, which leaves out what is open.
 */
closed_only: Rate | null, 
/**
 * Won by the horizon, compared with the rest.
 */
lift: IcpLift, 
/**
 * The way before: contacts that get a deal.
 */
contacts: IcpContacts, 
/**
 * What a created deal brings.
 */
revenue: IcpRevenue | null, 
/**
 * Days until half of those won by the horizon are won.
 */
days_to_win: IcpEstimate | null, 
/**
 * Whether all its deals are of one owner while there are others: it may be the owner's success.
 */
one_owner: boolean, 
/**
 * The deals, in the order of their ids: `n` of them.
 */
deals: string[], };

/**
 * A segment and the rest in a quarter, or where another dimension has a value.
 */
export type IcpStratum = { 
/**
 * The first day of the quarter of creation. None: all quarters.
 */
quarter: string | null, 
/**
 * The other dimension. None: the strata are quarters.
 */
dimension: Dimension | null, 
/**
 * Its value. None: unknown, or the strata are quarters.
 */
value: string | null, 
/**
 * In the segment.
 */
n: number, 
/**
 * Of them, those to which it happened.
 */
happened: number, 
/**
 * In the rest.
 */
others: number, 
/**
 * Of them, those to which it happened.
 */
others_happened: number, };

/**
 * How good customers are, by a rule and its check.
 */
export type IcpTier = "A" | "B" | "C" | "D";

/**
 * Whether the newest quarters bear a rule out.
 */
export type IcpVerdict = "validated" | "not_distinguishable" | "contradicted";

/**
 * The report on customers, with what the page around it needs.
 */
export type IcpView = { 
/**
 * The portal, or an open snapshot.
 */
portal: string, 
/**
 * Present where this was made from a snapshot.
 */
snapshot?: SnapshotMark, 
/**
 * The pipelines to choose from.
 */
pipelines: Array<PipelineOption>, 
/**
 * Which version of the kept ICP was checked; none where another one was asked about, or none is
 * kept.
 */
declared_version: number | null, 
/**
 * How HubSpot calls the dimensions and their values, by the dimension's name.
 */
names: { [key in string]: DimensionNames }, 
/**
 * The names of the deals, by id.
 */
deal_names: { [id: string]: string }, 
/**
 * What all segments' queries are asked with. Each adds its own `:parts`.
 */
query: SegmentsQuery, 
/**
 * The report.
 */
report: IcpReport, };

/**
 * The name that a caller gives to long work when starting it, to follow and to cancel it.
 */
export type JobId = string;

/**
 * How good probabilities were.
 */
export type Judged = { 
/**
 * The rows.
 */
rows: number, 
/**
 * How many of them happened.
 */
happened: number, 
/**
 * The area under the ROC curve; by a bootstrap over groups where a group has several rows.
 */
auc: Auc, 
/**
 * The area under the precision-recall curve; chance gives the share that happened.
 */
average_precision: number, 
/**
 * The mean log loss by weight.
 */
log_loss: number, 
/**
 * The mean squared error by weight.
 */
brier: number, 
/**
 * The share of the Brier score of their own rate that the probabilities save.
 */
skill: number, 
/**
 * Where a line can be drawn.
 */
line: CalibrationLine | null, 
/**
 * How far probabilities are from what happened, against chance.
 */
calibration: CalibrationError, 
/**
 * What the highest scores find.
 */
gains: Array<Gain>, };

/**
 * One landmark.
 */
export type LandmarkEffect = { 
/**
 * Days since creation.
 */
day: number, 
/**
 * Deals open then whose horizon is over.
 */
n: number, 
/**
 * The change of the chance to be won.
 */
effect: Effect | null, };

/**
 * One reason why the open pipeline changed.
 */
export type LineView = { 
/**
 * The reason.
 */
line: WaterfallLine, 
/**
 * What it is called on a screen.
 */
label: string, 
/**
 * What exactly it holds.
 */
definition: string, 
/**
 * By how much it changed the sum; less when negative.
 */
amount: MoneyValue, 
/**
 * How many deals.
 */
n: number, 
/**
 * Every deal with its part, the largest first. They sum to `amount`.
 */
deals: Array<PartView>, 
/**
 * The query that lists what these deals said at both ends; none without deals.
 */
query: QueryRef | null, };

/**
 * A change of the list.
 */
export type ListChange = { "change": "add", 
/**
 * Its name.
 */
name: string, } | { "change": "alias", 
/**
 * Its key or name.
 */
competitor: string, 
/**
 * The way to write it.
 */
text: string, 
/**
 * How it must be written to count.
 */
matching: Matching, 
/**
 * Whether it is also an ordinary word.
 */
ordinary_word: boolean, } | { "change": "remove", 
/**
 * Its key or name.
 */
competitor: string, 
/**
 * The way to write it; none: all of it goes.
 */
alias: string | null, } | { "change": "own", 
/**
 * The name.
 */
name: string, 
/**
 * Whether it goes.
 */
remove: boolean, } | { "change": "property", 
/**
 * Its internal name.
 */
name: string, 
/**
 * Whether it says to whom a deal was lost.
 */
lost_to: boolean, 
/**
 * Whether it goes.
 */
remove: boolean, } | { "change": "confirm", 
/**
 * The name as it waits.
 */
name: string, 
/**
 * The competitor's key or name; none: a new competitor of this name.
 */
competitor: string | null, } | { "change": "dismiss", 
/**
 * The name as it waits.
 */
name: string, };

/**
 * How a source is filled.
 */
export type Logging = { 
/**
 * The source.
 */
source: Source, 
/**
 * Closed deals that were won, and those of them in which it names a competitor.
 */
won: number, 
/**
 * See `won`.
 */
won_named: number, 
/**
 * Closed deals that were lost, and those of them in which it names a competitor.
 */
lost: number, 
/**
 * See `lost`.
 */
lost_named: number, 
/**
 * How many times as often a lost deal has a competitor named as a won one. None where one of
 * them never has.
 */
ratio: Ratio | null, 
/**
 * Why it gives shares of losses instead of win rates. None: it gives win rates.
 */
why_share: WhyShare | null, };

/**
 * Where deals are lost to a competitor.
 */
export type LossStages = { 
/**
 * The competitor.
 */
competitor: CompetitorId, 
/**
 * By stage.
 */
stages: Array<LostIn>, 
/**
 * How likely stages so different from those of losses without a competitor are by chance
 * (Fisher, Freeman and Halton, by simulation).
 */
p: number, 
/**
 * The simulation's error of `p`.
 */
p_error: number, 
/**
 * `p` over all competitors (Benjamini and Hochberg).
 */
q: number, };

/**
 * How often deals are lost in a stage.
 */
export type LostIn = { 
/**
 * The last open stage.
 */
stage: string, 
/**
 * Deals lost to the competitor in it.
 */
deals: string[], 
/**
 * Deals lost in it in which nobody is named.
 */
others: number, };

/**
 * The lost deals of a segment and a stage: what shares of losses are counted over.
 */
export type Margin = { 
/**
 * The segment; none: all.
 */
segment: string | null, 
/**
 * The last open stage; none: all.
 */
stage: string | null, 
/**
 * The deals.
 */
lost_deals: string[], };

/**
 * How a name must be written to count.
 */
export type Matching = "exact_case" | "any_case" | "fuzzy_ok";

/**
 * A kind of activity that the report asks about.
 */
export type Measure = "calls" | "calls_in" | "calls_out" | "meetings" | "emails_sent" | "emails_replied" | "emails_opened" | "messages" | "notes" | "tasks";

/**
 * A competitor in a text, with the sentence that says so.
 */
export type MentionRow = { 
/**
 * The deal.
 */
deal: string, 
/**
 * Where it was written.
 */
source: Source, 
/**
 * When.
 */
at: string | null, 
/**
 * Who.
 */
competitor: CompetitorId, 
/**
 * As what.
 */
role: Role, 
/**
 * Denied: it counts for nothing.
 */
negated: boolean, 
/**
 * The sentence, without markup.
 */
sentence: string, 
/**
 * The name's bytes in the text.
 */
span: [number, number], };

/**
 * How the figures were made, enough to make them again.
 */
export type Method = { 
/**
 * The method's name and version; a change that can move a figure changes it.
 */
id: string, 
/**
 * The method in a few sentences.
 */
description: string, 
/**
 * The seed of the draws, as text.
 */
seed: string, 
/**
 * How many times the period's end was drawn.
 */
draws: number, 
/**
 * Days from `as_of` to the period's end: how long a past deal had to be won.
 */
horizon_days: number, 
/**
 * Past weeks in which the question was asked of history, at the weekday and hour of `as_of`.
 */
landmarks: number, 
/**
 * The first of them.
 */
first_landmark: string | null, 
/**
 * The last of them.
 */
last_landmark: string | null, 
/**
 * How far back history was used, in months.
 */
training_months: number, 
/**
 * The correlation that all deals share through the market: the part of the spread that does
 * not shrink with more deals.
 */
common_shock: number, 
/**
 * Deals won within the training window, as known at `as_of`.
 */
closed_won: number, 
/**
 * Deals closed otherwise within it.
 */
closed_lost: number, };

/**
 * How the chances of the open deals were made.
 */
export type Model = "stage_rates" | "hazard";

/**
 * All there is to know of a score before anybody uses it.
 */
export type ModelCard = { 
/**
 * [`CARD_VERSION`].
 */
version: number, 
/**
 * What the score says, and of whom.
 */
subject: Subject, 
/**
 * When it was learnt.
 */
trained_at: string, 
/**
 * Where random samples began.
 */
seed: number, 
/**
 * Rows that were learnt from.
 */
rows: number, 
/**
 * Deals or contacts, or whatever the rows belong to.
 */
closed: number, 
/**
 * How many of those happened.
 */
happened: number, 
/**
 * The share of rows, by weight, that happened.
 */
base_rate: number, 
/**
 * The columns that were learnt from.
 */
columns: Array<string>, 
/**
 * Whether rows were judged by what was known before them; else over folds drawn by group.
 */
is_forward: boolean, 
/**
 * The folds that were judged.
 */
folds: Array<FoldSize>, 
/**
 * The contenders, simplest first. Empty where none could be judged.
 */
contenders: Array<Standing>, 
/**
 * The one that lost least.
 */
best: Contender | null, 
/**
 * The one that is used.
 */
chosen: Contender | null, 
/**
 * Why that one, in a sentence.
 */
why: string, 
/**
 * Whether its probabilities are drawn to what happened once more.
 */
redrawn: Redrawn, 
/**
 * What each way of doing so would have lost.
 */
tried: Array<Tried>, 
/**
 * How the score as it is used did on the rows that were judged.
 */
judged: Judged | null, 
/**
 * What was kept from learning, and why.
 */
audit: Audit, 
/**
 * What stands between this model and a score. Empty where there is a score.
 */
refusals: Array<Refusal>, 
/**
 * What has changed since most rows were seen; none where rows have no time.
 */
shifts: Shifts | null, 
/**
 * The columns that count most in the chosen model. Associations, no advice.
 */
weights: Array<Weighty>, 
/**
 * The readable tree, whether or not it was chosen.
 */
rules: Array<Rule>, };

/**
 * The log loss of both models on deals that were open on past Mondays; lower is better.
 */
export type ModelComparison = { 
/**
 * Mean log loss of the stage rates.
 */
stage_rates: number, 
/**
 * Mean log loss of the hazard.
 */
hazard: number, 
/**
 * Standard error of the difference, with deals as clusters.
 */
error: number, 
/**
 * Deals that were asked about.
 */
deals: number, 
/**
 * How often, on all Mondays together.
 */
sightings: number, };

/**
 * Shares of the money lost, one over the other.
 */
export type MoneyRatio = { 
/**
 * The share in the window over that before.
 */
value: number, 
/**
 * Lower end of the draws' interval.
 */
low: number, 
/**
 * Upper end.
 */
high: number, 
/**
 * How often such an interval covers the truth, such as 0.95.
 */
level: number, };

/**
 * A sum of money, to the cent.
 */
export type MoneyValue = { 
/**
 * Plain digits with two decimals, such as `-1234.50`.
 */
amount: string, 
/**
 * Three letters, such as `EUR`.
 */
currency: string, };

/**
 * What a month brought.
 */
export type MonthRow = { 
/**
 * The month's first day.
 */
month: string, 
/**
 * Value of the deals won in it, in the home currency.
 */
won: MoneyValue, 
/**
 * Deals won in it, those without an amount included.
 */
deals: number, };

/**
 * Deals that are created after `as_of` and won within the period.
 */
export type NewDeals = { 
/**
 * Deals created a week, the recent weeks weighing most.
 */
created_per_week: number, 
/**
 * Whole weeks of history behind that.
 */
weeks: number, 
/**
 * Share of new deals that are won within `won_within_days` of their creation.
 */
won_within: Rate, 
/**
 * The longest that a deal created now has left to be won within the period, in days.
 */
won_within_days: number, 
/**
 * How many such deals are expected to be won within the period.
 */
wins: number, 
/**
 * Wins whose amounts were drawn.
 */
amounts: number, 
/**
 * One period in ten brings less from new deals.
 */
p10: MoneyValue, 
/**
 * As likely more as less.
 */
p50: MoneyValue, 
/**
 * One period in ten brings more.
 */
p90: MoneyValue, };

/**
 * No arguments.
 */
export type NoArgs = Record<symbol, never>;

/**
 * Something a reader must know.
 */
export type Note = { 
/**
 * A stable name, such as `losses_not_recorded`.
 */
code: NoteCode, 
/**
 * How serious it is.
 */
severity: Severity, 
/**
 * What it is, in a sentence.
 */
message: string, 
/**
 * How many deals it touches, all of them.
 */
count: number, 
/**
 * The first of them, at most 100, in the order of their ids.
 */
deals: Array<string>, };

/**
 * What a note is about.
 */
export type NoteCode = "new_deals_not_counted" | "not_enough_history" | "losses_not_recorded" | "skewed_outcomes" | "no_amount" | "negative_amount" | "no_exchange_rate" | "close_date_past" | "stage_unknown" | "history_from_import" | "won_on_arrival" | "gone_since" | "same_stage_label" | "baseline_used" | "too_few_draws";

/**
 * Why no score is offered.
 */
export type Obstacle = { "kind": "too_few_closed", 
/**
 * How many more are needed.
 */
missing: number, } | { "kind": "too_few_of_the_rarer", 
/**
 * How many more are needed.
 */
missing: number, } | { "kind": "extreme_rate", 
/**
 * The rate.
 */
rate: number, } | { "kind": "nothing_judged" } | { "kind": "nothing_beats_the_rate" } | { "kind": "area", 
/**
 * The lower end of the area's interval.
 */
low: number, } | { "kind": "baseline", 
/**
 * The model's log loss.
 */
model: number, 
/**
 * The baseline's.
 */
baseline: number, } | { "kind": "slope", 
/**
 * The interval of the calibration slope; none where no line could be drawn.
 */
low: number | null, 
/**
 * Its upper end.
 */
high: number | null, } | { "kind": "outcome_leaks" };

/**
 * Which record to open in HubSpot.
 */
export type OpenRecordArgs = { 
/**
 * The portal.
 */
portal: string, 
/**
 * The record's type.
 */
object_type: string, 
/**
 * The record.
 */
record: string, };

/**
 * A snapshot that is open in this program, as lists show it.
 */
export type OpenSnapshotView = { 
/**
 * What it is of.
 */
snapshot: SnapshotMark, 
/**
 * The portal's time zone then: its days and quarters are meant in it.
 */
time_zone: string, 
/**
 * The portal's own currency then.
 */
home_currency: string, };

/**
 * One Monday.
 */
export type OriginRow = { 
/**
 * The Monday, in the portal's calendar; the forecast was made as its day began.
 */
day: string, 
/**
 * The first day of the period it forecast.
 */
period: string, 
/**
 * Weeks that began between then and the end.
 */
weeks_to_go: number, 
/**
 * The band's lower end.
 */
p10: MoneyValue, 
/**
 * The middle.
 */
p50: MoneyValue, 
/**
 * The upper end.
 */
p90: MoneyValue, 
/**
 * What the period brought, as known a day after its end.
 */
actual: MoneyValue, 
/**
 * Whose middle it is: a model's, or the baseline's that was chosen then.
 */
used: Forecaster, };

/**
 * Records that are kept for a while although HubSpot shows them no more: too many at once to be taken
 * for erased, or to a token that has lost scopes.
 */
export type OutOfSightView = { 
/**
 * How many.
 */
records: number, 
/**
 * Since when the first of them is.
 */
since: string, 
/**
 * From when on a comparison purges the first of them; absent where the token has lost scopes, as
 * none of them is purged then.
 */
purged_from: string | null, };

/**
 * How the period would end.
 */
export type Outcome = { 
/**
 * Expected from the open deals.
 */
expected_from_open: MoneyValue, 
/**
 * The forecast.
 */
total: MoneyValue, 
/**
 * One period in ten ends below.
 */
p10: MoneyValue, 
/**
 * As likely above as below.
 */
p50: MoneyValue, 
/**
 * One period in ten ends above.
 */
p90: MoneyValue, 
/**
 * HubSpot's weighting.
 */
hubspot: MoneyValue, 
/**
 * The share of drawn ends that reach the quota; none without a quota.
 */
quota: DrawnShare | null, };

/**
 * A suspect to be let in.
 */
export type OverruleArgs = { 
/**
 * The column, as the card names it.
 */
column: string, 
/**
 * Why it is no leak; every card keeps it. Empty: it is no longer let in.
 */
reason: string, };

/**
 * An owner to choose.
 */
export type OwnerOption = { 
/**
 * The owner.
 */
id: string, 
/**
 * The name, where HubSpot tells one.
 */
name: string | null, };

/**
 * An owner.
 */
export type OwnerView = { 
/**
 * HubSpot's id.
 */
id: string, 
/**
 * The name, where HubSpot tells one.
 */
name: string | null, };

/**
 * The period so far, day by day, and its likely end.
 */
export type Pace = { 
/**
 * Won value from the period's first day up to each day's end, through the day of `as_of`.
 */
closed: Array<PacePoint>, 
/**
 * The day on which the period ends.
 */
last_day: string, };

/**
 * One day of the pace.
 */
export type PacePoint = { 
/**
 * The day, in the portal's calendar.
 */
day: string, 
/**
 * Won from the period's start up to the end of this day.
 */
won: MoneyValue, 
/**
 * Deals in it.
 */
deals: number, };

/**
 * What a line holds of one deal.
 */
export type PartView = { 
/**
 * The deal.
 */
id: string, 
/**
 * Its name now.
 */
name: string | null, 
/**
 * Of a deal that was merged: the one that it became part of.
 */
merged_into: string | null, 
/**
 * Its part; zero for a deal that moved without an amount.
 */
amount: MoneyValue, };

/**
 * Won and closed deals, some of them in parts.
 */
export type Parts = { 
/**
 * Won.
 */
won: number, 
/**
 * Won or lost.
 */
closed: number, };

/**
 * Which period is asked about.
 */
export type PeriodChoice = { "kind": "this_quarter" } | { "kind": "next_quarter" } | { "kind": "this_month" } | { "kind": "days", 
/**
 * First day.
 */
first: string, 
/**
 * Last day.
 */
last: string, };

/**
 * A period in the portal's own calendar.
 */
export type PeriodView = { 
/**
 * What a person calls it: `Q4 2026`, `November 2026`, `2026-11-05 to 2026-12-10`.
 */
label: string, 
/**
 * First day.
 */
first_day: string, 
/**
 * Last day, which belongs to the period.
 */
last_day: string, 
/**
 * First instant.
 */
starts_at: string, 
/**
 * First instant after the period.
 */
ends_at: string, 
/**
 * Days that begin between `as_of` and the end, counting the running one; 0 when it is over.
 */
days_left: number, };

/**
 * The part of long work that is under way.
 */
export type Phase = "starting_demo" | "waiting_for_consent" | "connecting" | "reading" | "checking" | "planning" | "writing" | "freezing";

/**
 * A pipeline to choose.
 */
export type PipelineOption = { 
/**
 * The pipeline.
 */
id: string, 
/**
 * Its name in HubSpot.
 */
label: string, };

/**
 * A pipeline's name for a person and for a program.
 */
export type PipelineView = { 
/**
 * HubSpot's id.
 */
id: string, 
/**
 * The label in HubSpot.
 */
label: string, };

/**
 * A plan to be made: the win probability of every open deal.
 */
export type PlanArgs = { 
/**
 * The caller's name for this work.
 */
job: JobId, 
/**
 * The portal.
 */
portal: string, 
/**
 * One pipeline, or all.
 */
pipeline: string | null, };

/**
 * How many changes of a plan are in which state.
 */
export type PlanCounts = { 
/**
 * All of them.
 */
total: number, 
/**
 * Not sent yet.
 */
planned: number, 
/**
 * Sent, and not known what became of it: applying again asks HubSpot first.
 */
sending: number, 
/**
 * HubSpot holds the new value.
 */
confirmed: number, 
/**
 * HubSpot refused it.
 */
failed: number, 
/**
 * The live value was no longer the one we compared with; nothing was written.
 */
conflict: number, };

/**
 * Which plan.
 */
export type PlanRefArgs = { 
/**
 * The portal.
 */
portal: string, 
/**
 * The plan's number within its portal.
 */
plan: number, };

/**
 * Where a plan stands.
 */
export type PlanState = "planned" | "approved" | "applying" | "applied" | "discarded";

/**
 * A plan in a list.
 */
export type PlanSummary = { 
/**
 * The plan's number within its portal.
 */
plan: number, 
/**
 * Where it stands.
 */
state: PlanState, 
/**
 * What it is for, in words.
 */
purpose: string, 
/**
 * The type of the records it changes.
 */
object_type: string, 
/**
 * The property it writes.
 */
property: string, 
/**
 * The moment whose knowledge the values rest on.
 */
as_of: string, 
/**
 * When it was computed.
 */
created_at: string, 
/**
 * When it was approved.
 */
approved_at: string | null, 
/**
 * Who approved it.
 */
approved_by: string | null, 
/**
 * When the last answer came.
 */
applied_at: string | null, 
/**
 * The plan that this one takes back.
 */
undoes: number | null, 
/**
 * Its changes by state.
 */
counts: PlanCounts, };

/**
 * A plan with everything a person approves.
 */
export type PlanView = { 
/**
 * The plan.
 */
summary: PlanSummary, 
/**
 * Definitions in HubSpot that applying would create first, such as `group plumbline`.
 */
creates: Array<string>, 
/**
 * Records left out because HubSpot already holds the value.
 */
unchanged: number, 
/**
 * Calls that applying will spend.
 */
calls: number, 
/**
 * The changes.
 */
changes: Array<ChangeView>, };

/**
 * Which portal.
 */
export type PortalArgs = { 
/**
 * The portal.
 */
portal: string, };

/**
 * A portal, as lists show it.
 */
export type PortalSummary = { 
/**
 * HubSpot's id of the account.
 */
id: string, 
/**
 * The name given to it here.
 */
name: string, 
/**
 * Which of the eight portal colours marks it.
 */
colour: number, 
/**
 * Whether this is the demo portal on this machine.
 */
demo: boolean, 
/**
 * `STANDARD`, `SANDBOX` and so on, as HubSpot says.
 */
account_type: string | null, 
/**
 * The portal's time zone: its days and quarters are meant in it.
 */
time_zone: string, 
/**
 * The portal's own currency.
 */
home_currency: string, 
/**
 * Whether its token is accepted.
 */
connection: Connection, 
/**
 * By what it was connected, and so how it is connected again; absent where its file cannot be
 * read.
 */
connected_by: ConnectedBy | null, 
/**
 * When the copy was last completed.
 */
synced_at: string | null, };

/**
 * How far long work is.
 */
export type Progress = { 
/**
 * What is going on.
 */
phase: Phase, 
/**
 * The thing being worked on, such as `records/deals`.
 */
what: string, 
/**
 * How many of the steps are finished.
 */
steps_done: number, 
/**
 * How many steps there are, as far as known.
 */
steps_total: number, 
/**
 * Rows read or changes sent so far, over all steps.
 */
done: number, 
/**
 * Rows per second since the work began.
 */
per_second: number, 
/**
 * Estimated seconds left; absent while nothing is known.
 */
seconds_left: number | null, 
/**
 * Calls made to HubSpot so far.
 */
calls: number, 
/**
 * Calls that the portal's day has left, for all apps that share the budget; absent where
 * HubSpot tells no budget.
 */
calls_left?: number, };

/**
 * How often a stated close month held, by how often it had been pushed.
 */
export type PushRow = { 
/**
 * How often the close date had been moved to a later month; the last row holds all above, too.
 */
pushes: number, 
/**
 * Whether the row holds all above, too.
 */
or_more: boolean, 
/**
 * What it is called on a screen: `never pushed`, `pushed once`, `pushed 3 times or more`.
 */
label: string, 
/**
 * Open deals of which it is true now.
 */
open_deals: number, 
/**
 * Close months that were stated after so many pushes, and are over.
 */
statements: number, 
/**
 * Share of them in which the deal was won by the stated month's end.
 */
won: Rate | null, 
/**
 * Share in which it was won or lost by then.
 */
closed: Rate | null, 
/**
 * What both rest on.
 */
evidence: Evidence, 
/**
 * Lists the deals.
 */
query: QueryRef, };

/**
 * A named parameter of a query.
 */
export type QueryParameter = { 
/**
 * The name with its colon, such as `:as_of`.
 */
name: string, 
/**
 * The value as text.
 */
value: string, };

/**
 * A query of `sql/read/` and what to bind to it.
 */
export type QueryRef = { 
/**
 * The file's name without `.sql`.
 */
name: string, 
/**
 * Values for its named parameters; all are bound as text.
 */
parameters: Array<QueryParameter>, };

/**
 * One version of a quota.
 */
export type QuotaEntry = { 
/**
 * The period in words.
 */
label: string, 
/**
 * Its first day.
 */
first_day: string, 
/**
 * Its last day.
 */
last_day: string, 
/**
 * One pipeline, or all.
 */
pipeline: string | null, 
/**
 * The team.
 */
team: string | null, 
/**
 * The owner.
 */
owner: string | null, 
/**
 * The amount; none where the quota was taken back.
 */
amount: MoneyValue | null, 
/**
 * When it was entered.
 */
set_at: string, 
/**
 * Whether no later version of the same quota was known.
 */
current: boolean, };

/**
 * Whose quotas to list.
 */
export type QuotaListArgs = { 
/**
 * The portal, or an open snapshot.
 */
portal: string, 
/**
 * As known at the end of this day (`2026-08-03`); absent means now.
 */
as_of: string | null, };

/**
 * A quota to enter. What was entered before stays, with its time.
 */
export type QuotaSetArgs = { 
/**
 * The portal.
 */
portal: string, 
/**
 * The period, seen from now.
 */
period: PeriodChoice, 
/**
 * One pipeline, or all.
 */
pipeline: string | null, 
/**
 * A team's quota; together with `owner` it is refused.
 */
team: string | null, 
/**
 * One owner's quota.
 */
owner: string | null, 
/**
 * The amount in the portal's currency, as plain digits: `120000.00`. None takes the quota back.
 */
amount: string | null, };

/**
 * What the user says the period is to bring.
 */
export type QuotaView = { 
/**
 * The quota, as known at the moment asked for.
 */
amount: MoneyValue, 
/**
 * When it was entered.
 */
set_at: string, 
/**
 * How many versions of it had been entered by then, this one included; 0 where it was asked with
 * and not entered.
 */
versions: number, 
/**
 * Quota less closed so far; below zero where it is reached already.
 */
gap: MoneyValue, 
/**
 * Quota less the forecast; none below the evidence for one.
 */
expected_gap: MoneyValue | null, 
/**
 * Share of the drawn period ends that reach the quota.
 */
probability: DrawnShare | null, 
/**
 * What is missing to the quota, on average over all drawn ends; those that reach it miss nothing.
 */
expected_shortfall: MoneyValue | null, 
/**
 * The open pipeline that the gap asks for; none where there is no gap, or nothing to expect.
 */
coverage: Coverage | null, };

/**
 * A share of cases with its interval: the value that a screen shows as `31 % (24-38) of 160 deals`.
 */
export type Rate = { 
/**
 * The share, 0 to 1.
 */
value: number, 
/**
 * Lower end of the interval.
 */
low: number, 
/**
 * Upper end of the interval.
 */
high: number, 
/**
 * How often such an interval covers the truth, such as 0.95.
 */
level: number, 
/**
 * Independent cases (deals, not rows) that the share rests on.
 */
n: number, 
/**
 * The number of independent cases that would give an interval this wide. Repeated sightings of
 * one deal count for less than as many deals.
 */
n_effective: number, };

/**
 * One rate over another, without any approximation.
 *
 * Given their sum, the first of two Poisson counts is binomial with the share
 * `e1 / (e1 + e2)` if the rates are equal (Przyborowski and Wilenski 1940); the interval is
 * Clopper's and Pearson's of that share, as odds times `e2 / e1`.
 */
export type RateRatio = { 
/**
 * The ratio. None where the other count is 0: it is then anything above `low`.
 */
value: number | null, 
/**
 * Lower end of the exact interval.
 */
low: number, 
/**
 * Upper end. None: no ratio is too large for these counts.
 */
high: number | null, 
/**
 * How often such an interval covers the truth at least, such as 0.95.
 */
level: number, 
/**
 * How likely so many or more are where the rates are equal.
 */
p_greater: number, 
/**
 * How likely so few or fewer are.
 */
p_less: number, 
/**
 * Twice the smaller of them, at most 1: below 0.05 exactly where the 95 % interval leaves out 1.
 */
p_two_sided: number, 
/**
 * `p_greater` with half the probability of the count itself: less cautious, right on average.
 */
p_greater_mid: number, };

/**
 * How many times as large one is as the other, with an interval that is symmetric on the scale of
 * logarithms.
 */
export type Ratio = { 
/**
 * The ratio; 1 is no difference.
 */
value: number, 
/**
 * Lower end of the interval.
 */
low: number, 
/**
 * Upper end of the interval.
 */
high: number, 
/**
 * How often such an interval covers the truth, such as 0.95.
 */
level: number, 
/**
 * Standard error of the ratio's logarithm.
 */
log_error: number, };

/**
 * Why a deal is lost to nobody.
 */
export type Reason = "no_decision" | "budget" | "timing" | "went_dark" | "feature_gap";

/**
 * A reason of losses that names nobody.
 */
export type ReasonRow = { 
/**
 * Which.
 */
reason: Reason, 
/**
 * Of the lost deals, the share whose reason it is. None below five lost deals.
 */
share_of_losses: Rate | null, 
/**
 * The deals.
 */
deals: string[], };

/**
 * The records of a type that were created in one month.
 */
export type ReconciledMonth = { 
/**
 * Such as `2026-11`; absent for records without a date.
 */
month: string | null, 
/**
 * How many HubSpot counts.
 */
theirs: number, 
/**
 * How many are in the copy.
 */
ours: number, 
/**
 * What explains the difference.
 */
explained: ExplainedCounts, 
/**
 * How many records nothing explains.
 */
unexplained: number, };

/**
 * An object type's counts.
 */
export type ReconciledObject = { 
/**
 * The type, such as `deals`.
 */
object: string, 
/**
 * How many records HubSpot counts; absent where it does not tell.
 */
theirs: number | null, 
/**
 * How many are in the copy.
 */
ours: number, 
/**
 * What explains the differences of all months together.
 */
explained: ExplainedCounts, 
/**
 * How many differences nothing explains.
 */
unexplained: number, 
/**
 * Why HubSpot does not tell; absent when it does.
 */
unavailable: string | null, 
/**
 * Which records are kept although HubSpot shows them no more; absent where there are none.
 */
out_of_sight?: OutOfSightView, 
/**
 * The months of creation in UTC, in order.
 */
months: Array<ReconciledMonth>, };

/**
 * A record that was on one side alone.
 */
export type ReconciledRecord = { 
/**
 * Its type.
 */
object: string, 
/**
 * Its id.
 */
id: string, 
/**
 * What explains it.
 */
why: Explanation, };

/**
 * Records of a type that were read again.
 */
export type ReconciledSample = { 
/**
 * The type.
 */
object: string, 
/**
 * The type their associations lead to; absent where the histories were compared.
 */
to: string | null, 
/**
 * How many records were chosen.
 */
sampled: number, 
/**
 * How many were compared: all of the type where the sample showed a difference.
 */
compared: number, 
/**
 * Rows that HubSpot has and that were not here.
 */
missing: number, 
/**
 * Rows that were here and that HubSpot has not.
 */
surplus: number, 
/**
 * How many of both were set right.
 */
repaired: number, };

/**
 * What a comparison with HubSpot's own counts found. The counts are those found, before anything
 * was repaired.
 */
export type ReconciliationView = { 
/**
 * When this was asked.
 */
checked_at: string, 
/**
 * Up to which moment of creation records were counted: the start of the sync.
 */
since: string, 
/**
 * Whether every month was asked about, and not only those that had changed.
 */
whole: boolean, 
/**
 * Why nothing was compared this time; the rest is then what was found before.
 */
not_checked: string | null, 
/**
 * How many differences nothing explains.
 */
unexplained: number, 
/**
 * The object types.
 */
objects: Array<ReconciledObject>, 
/**
 * Records that were read again, to compare what counts cannot show.
 */
samples: Array<ReconciledSample>, 
/**
 * The records on one side alone; not kept, so only in the answer of the comparison itself.
 */
differences: Array<ReconciledRecord>, };

/**
 * A portal of this machine, to be connected again.
 */
export type ReconnectArgs = { 
/**
 * The caller's name for this work.
 */
job: JobId, 
/**
 * The portal. Another one that answers is refused, and nothing is changed.
 */
portal: string, 
/**
 * How, where it is not as before. A portal that was connected by a token needs the new one.
 */
way: ConnectionWay | null, 
/**
 * Whether consent to writing is asked for as well. A portal that had it keeps it.
 */
writeback: boolean, };

/**
 * The score of an open deal, or of a contact without a won deal.
 */
export type RecordScore = { 
/**
 * The deal, or the contact.
 */
record: string, 
/**
 * How likely it is to be won within the horizon, 0 to 1.
 */
probability: number, 
/**
 * The share of earlier ones given about this probability that were won. None below the evidence for
 * one.
 */
came: Rate | null, 
/**
 * The share of open ones whose score is no higher.
 */
percentile: number, 
/**
 * The quarter of open ones.
 */
band: ScoreBand, 
/**
 * The same in words.
 */
band_label: string, 
/**
 * Whether it is older than nearly all that closed, and nothing was done about it for 60 days.
 */
is_asleep: boolean, 
/**
 * The three strongest reasons.
 */
reasons: Array<ScoreReason>, };

/**
 * A way to recalibrate, without what it has learnt.
 */
export type Redrawn = "no" | "by_rate" | "by_line" | "by_steps";

/**
 * An obstacle and what it means.
 */
export type Refusal = { 
/**
 * What stands in the way.
 */
obstacle: Obstacle, 
/**
 * The same in a sentence.
 */
sentence: string, };

/**
 * A portal's new name and colour.
 */
export type RenameArgs = { 
/**
 * The portal.
 */
portal: string, 
/**
 * 1 to 60 characters.
 */
name: string, 
/**
 * 0 to 7.
 */
colour: number, };

/**
 * A fact about an open deal that a person should look at.
 */
export type Risk = { "kind": "close_date_past", 
/**
 * Whole days since.
 */
days: number, } | { "kind": "pushed", 
/**
 * How many times.
 */
times: number, } | { "kind": "no_close_date" } | { "kind": "no_amount" } | { "kind": "negative_amount" } | { "kind": "no_exchange_rate" } | { "kind": "no_owner" };

/**
 * How often deals with such a fact were won, against those without it.
 */
export type RiskRate = { 
/**
 * The fact.
 */
flag: Flag, 
/**
 * What it is called on a screen.
 */
label: string, 
/**
 * What exactly it means.
 */
definition: string, 
/**
 * Open deals of which it is true now.
 */
open_deals: number, 
/**
 * Share of deals that were won within `horizon_days` of being seen with it.
 */
with: Rate | null, 
/**
 * What `with` rests on.
 */
with_evidence: Evidence, 
/**
 * Lists the deals behind `with`.
 */
with_query: QueryRef, 
/**
 * The same of deals without it, for as many in each stage: what else is different between them
 * stays different.
 */
without: Rate | null, 
/**
 * What `without` rests on.
 */
without_evidence: Evidence, 
/**
 * Lists the deals behind `without`.
 */
without_query: QueryRef, 
/**
 * Within how many days of being seen a deal counts as won.
 */
horizon_days: number, };

/**
 * What a competitor is in a deal.
 */
export type Role = "lost_to" | "displaced" | "incumbent" | "evaluated" | "partner" | "mentioned";

/**
 * A rule of the readable tree.
 */
export type Rule = { 
/**
 * The rule in words.
 */
when: string, 
/**
 * The rows that it holds for, among those learnt from.
 */
rows: number, 
/**
 * How many of them happened.
 */
happened: number, 
/**
 * The share of them that happened, with its interval (Wilson). It is taken on the rows that the
 * rule was found on.
 */
rate: number, 
/**
 * Lower end.
 */
low: number, 
/**
 * Upper end.
 */
high: number, };

/**
 * A step of the ladder.
 */
export type Rung = { 
/**
 * Which.
 */
rung: RungKind, 
/**
 * What it is called on a screen.
 */
label: string, 
/**
 * What exactly is compared.
 */
definition: string, 
/**
 * The change of the share or chance to be won, with its interval. None below the evidence it
 * needs.
 */
effect: Effect | null, 
/**
 * The ratio that belongs to the comparison: of shares, rates, odds, hazards, shares.
 */
ratio: Ratio | null, 
/**
 * What it rests on.
 */
evidence: Evidence, 
/**
 * Deals.
 */
n: number, 
/**
 * Of them, those with the activity, at any moment compared.
 */
exposed: number, 
/**
 * Of the deals, those won.
 */
won: number, 
/**
 * The landmarks apart; empty but for the landmark rung.
 */
landmarks: Array<LandmarkEffect>, 
/**
 * The largest standardised difference that matching left; none but for the matched rung. At 0.1
 * or above the pairs are not alike.
 */
imbalance: number | null, 
/**
 * The name of the group of its deals. There are `n` in it.
 */
group: string, };

/**
 * A step of the ladder.
 */
export type RungKind = "raw" | "per_week" | "landmark" | "adjusted" | "matched";

/**
 * A snapshot that was saved from this machine.
 */
export type SavedSnapshotView = { 
/**
 * What it is of.
 */
snapshot: SnapshotMark, 
/**
 * Where it was saved.
 */
path: string, 
/**
 * Its size; absent where the file is no longer there, or out of reach.
 */
bytes: number | null, };

/**
 * Which deals are asked about.
 */
export type ScopeView = { 
/**
 * One pipeline; none means all.
 */
pipeline: PipelineView | null, 
/**
 * A team; none where none is asked for.
 */
team: TeamView | null, 
/**
 * Owners, those of the team where one is asked for; none means whoever owns a deal, or nobody.
 */
owners: Array<OwnerView> | null, 
/**
 * The days of the close date; none means any, or no close date.
 */
closing: ClosingView | null, };

/**
 * How one forecaster did.
 */
export type Score = { 
/**
 * Who.
 */
forecaster: Forecaster, 
/**
 * Its name on a screen.
 */
label: string, 
/**
 * Mondays scored: those on which this forecaster had a number.
 */
n: number, 
/**
 * Sum of absolute errors over the sum of what came.
 */
wape: number | null, 
/**
 * Sum of errors over the sum of what came; positive where the forecasts were too high.
 */
bias: number | null, 
/**
 * Mean pinball loss of P10, in the home currency. None for baselines, which have no band.
 */
pinball_10: number | null, 
/**
 * Of P50.
 */
pinball_50: number | null, 
/**
 * Of P90.
 */
pinball_90: number | null, 
/**
 * How often the 80 % band held what came, with an interval that takes a period's Mondays as
 * one cluster.
 */
coverage: Rate | null, };

/**
 * A record's place among all that are scored with it. It says nothing of how likely it is to be won.
 */
export type ScoreBand = "top" | "upper" | "lower" | "bottom";

/**
 * All there is to know of a portal's score.
 */
export type ScoreCard = { 
/**
 * Nothing later than this moment was learnt from.
 */
as_of: string, 
/**
 * Whether deals are scored or contacts.
 */
of: Scored, 
/**
 * What the score tells of.
 */
event: ScoreEvent, 
/**
 * One pipeline; none means all. Of contacts, only its deals are won with them.
 */
pipeline: PipelineView | null, 
/**
 * Whom it was learnt from.
 */
population: ScorePopulation, 
/**
 * The share of sightings that were won within the horizon; a record counts once. None below the
 * evidence for one.
 */
base_rate: Rate | null, 
/**
 * What was said out of time, and what came. Empty where nothing was judged.
 */
reliability: Array<ScoreReliability>, 
/**
 * The columns that were offered.
 */
columns: Array<ScoreColumn>, 
/**
 * The model's own card.
 */
model: ModelCard, };

/**
 * Which model's card is asked for.
 */
export type ScoreCardArgs = { 
/**
 * The portal, or an open snapshot.
 */
portal: string, 
/**
 * Whether it scores deals or contacts, where no version is named. Absent means deals.
 */
of: Scored, 
/**
 * The model's version; absent means the one in use, else the newest.
 */
version: number | null, };

/**
 * A column that was offered to learn from.
 */
export type ScoreColumn = { 
/**
 * What it is called.
 */
name: string, 
/**
 * What exactly it says.
 */
definition: string, 
/**
 * How many of its values are those of today, because no history of them is kept.
 */
of_today: number, };

/**
 * What a score tells of.
 */
export type ScoreEvent = { 
/**
 * What happens, in words: `won within 90 days`, `converted within 90 days`.
 */
text: string, 
/**
 * What exactly counts.
 */
definition: string, 
/**
 * Days within which it happens or not.
 */
horizon_days: number, };

/**
 * Whose score is asked about.
 */
export type ScoreExplainArgs = { 
/**
 * Which scores.
 */
scoring: ScoringArgs, 
/**
 * The deal, or the contact.
 */
record: string, };

/**
 * Why a record's score is what it is.
 */
export type ScoreExplainView = { 
/**
 * The portal, or an open snapshot.
 */
portal: string, 
/**
 * Present where this was made from a snapshot.
 */
snapshot?: SnapshotMark, 
/**
 * The version of the kept model; none where one was learnt for this alone.
 */
version: number | null, 
/**
 * The record's name, where it has one.
 */
name: string | null, 
/**
 * What the score tells of, of whom, and how well it did.
 */
card: ScoreCard, 
/**
 * The score with everything that adds to it.
 */
explanation: ScoreExplanation, };

/**
 * Why a record's score is what it is.
 */
export type ScoreExplanation = { 
/**
 * The score.
 */
score: RecordScore, 
/**
 * The log-odds that the reasons start from: those of the mean record.
 */
expected_log_odds: number, 
/**
 * The log-odds of the score: the expected ones and all reasons.
 */
log_odds: number, 
/**
 * Every column that adds anything, the strongest first.
 */
reasons: Array<ScoreReason>, 
/**
 * The records behind each of them, in the same order.
 */
groups: Array<ScoreGroup>, 
/**
 * How to read it.
 */
caution: string, };

/**
 * Deals, or contacts, behind a count.
 */
export type ScoreGroup = { 
/**
 * `won`, `lost` or `open`; a reason's, its column.
 */
id: string, 
/**
 * Which these are.
 */
definition: string, 
/**
 * How many.
 */
n: number, 
/**
 * Their ids.
 */
records: string[], 
/**
 * The query that lists them.
 */
query: QueryRef, };

/**
 * How the figures were made.
 */
export type ScoreMethod = { 
/**
 * Its name and version.
 */
id: string, 
/**
 * In words.
 */
text: string, 
/**
 * The seed of the draws.
 */
seed: string, };

/**
 * A kept model in a line: what one compares models by.
 */
export type ScoreModelLine = { 
/**
 * Counts up from 1 over all models of the portal.
 */
version: number, 
/**
 * When it was trained.
 */
trained_at: string, 
/**
 * What it tells of, within how many days.
 */
event: ScoreEvent, 
/**
 * One pipeline; none means all.
 */
pipeline: PipelineView | null, 
/**
 * Sightings that it learnt from.
 */
rows: number, 
/**
 * Deals or contacts behind them.
 */
records: number, 
/**
 * What it is, in words; none where nothing could be judged.
 */
contender: string | null, 
/**
 * How it did out of time; none where nothing could be judged.
 */
judged: Judged | null, 
/**
 * Whether its scores may be shown.
 */
is_published: boolean, 
/**
 * Why not, in sentences; empty where they may.
 */
refusals: Array<string>, 
/**
 * Why it is the one in use; none for one that is not.
 */
in_use: string | null, 
/**
 * The properties that it was asked to learn from beside the usual ones.
 */
properties: Array<string>, 
/**
 * What had changed when it was trained, in sentences; empty where nothing did by more than chance.
 */
drift: Array<string>, };

/**
 * A model that was kept, with its card.
 */
export type ScoreModelView = { 
/**
 * Counts up from 1 over all models of the portal.
 */
version: number, 
/**
 * When it was trained.
 */
trained_at: string, 
/**
 * Whether its scores may be shown.
 */
is_published: boolean, 
/**
 * Why it is the one in use; none for one that is not.
 */
in_use: string | null, 
/**
 * The properties that it was asked to learn from beside the usual ones.
 */
properties: Array<string>, 
/**
 * Its card.
 */
card: ScoreCard, };

/**
 * Whom a score was learnt from.
 */
export type ScorePopulation = { 
/**
 * In words.
 */
text: string, 
/**
 * Since when records were seen.
 */
from: string, 
/**
 * Days after its creation at which a record is seen, while it is open.
 */
landmarks: Array<number>, 
/**
 * Sightings that were learnt from.
 */
rows: number, 
/**
 * Deals, or contacts, behind them.
 */
records: number, 
/**
 * Those of them that are won by now: of contacts, those with whom a deal is.
 */
won: number, 
/**
 * Those of them that are lost by now: of contacts, those with whom no deal is won.
 */
lost: number, 
/**
 * Those left out because they were won or lost within two days.
 */
short: number, 
/**
 * Those left out because they arrived already closed: contacts, because a deal with them was won by
 * then.
 */
arrived_closed: number, 
/**
 * Sightings left out because their outcome is not known yet.
 */
unfinished: number, };

/**
 * Properties that scores learn from, from now on.
 */
export type ScorePropertiesArgs = { 
/**
 * The portal.
 */
portal: string, 
/**
 * All that are wanted beside the usual ones, such as `companies.tier`.
 */
properties: Array<string>, };

/**
 * What scores learn from beside what is computed from a deal's life.
 */
export type ScorePropertiesView = { 
/**
 * Those that every score learns from.
 */
usual: Array<ScoreProperty>, 
/**
 * Those that were chosen beside them. Training uses them; a model in use goes on without.
 */
chosen: Array<ScoreProperty>, 
/**
 * All others that the copy holds, those of the portal's own making first.
 */
offered: Array<ScoreProperty>, };

/**
 * A property that a score can learn from.
 */
export type ScoreProperty = { 
/**
 * Its type and name, such as `companies.tier`.
 */
name: string, 
/**
 * What HubSpot calls it.
 */
label: string, 
/**
 * Whether the portal made it, rather than HubSpot.
 */
is_own: boolean, };

/**
 * What a column adds to a score, and how records alike in it ended. An association, no advice.
 */
export type ScoreReason = { 
/**
 * The column.
 */
column: string, 
/**
 * What the record holds there.
 */
value: string, 
/**
 * What it adds to the log-odds: above 0 it goes with more wins.
 */
log_odds: number, 
/**
 * The share of sightings alike that were won within the horizon, by weight of records. None below the
 * evidence for one.
 */
alike: Rate | null, 
/**
 * The same in a sentence.
 */
sentence: string, };

/**
 * Sightings that were given about the same probability before their outcome was known.
 */
export type ScoreReliability = { 
/**
 * The lowest probability that was given.
 */
from: number, 
/**
 * The highest.
 */
to: number, 
/**
 * The mean.
 */
said: number, 
/**
 * The share that was won; a record counts once. None below the evidence for one.
 */
came: Rate | null, };

/**
 * Records of one value.
 */
export type ScoreSegment = { 
/**
 * The value; none where it is not known.
 */
value: string | null, 
/**
 * The share that was won within the horizon, drawn to the common rate.
 */
rate: Rate, 
/**
 * What it rests on.
 */
evidence: Evidence, };

/**
 * Records by one thing that is known of them.
 */
export type ScoreSegments = { 
/**
 * What tells them apart, such as their stage.
 */
name: string, 
/**
 * Whether they differ by more than chance; where they do not, all have the common rate.
 */
differ: boolean, 
/**
 * By value, the likeliest first.
 */
rows: Array<ScoreSegment>, };

/**
 * A score to be learnt anew and kept.
 */
export type ScoreTrainArgs = { 
/**
 * The portal.
 */
portal: string, 
/**
 * Whether deals are scored or contacts. Absent means deals.
 */
of: Scored, 
/**
 * One pipeline, or all: of contacts, only its deals are won with them.
 */
pipeline: string | null, 
/**
 * Days within which it happens or not: 30, 90 or 180. Absent means 90.
 */
horizon_days: number | null, 
/**
 * Further properties to learn from, such as `companies.tier`.
 */
properties: Array<string>, 
/**
 * A column that the auditor suspects, to be let in from now on, or no longer.
 */
overrule: OverruleArgs | null, };

/**
 * What a training came to.
 */
export type ScoreTrainView = { 
/**
 * The new model.
 */
model: ScoreModelView, 
/**
 * Whether it is used from now on.
 */
takes_over: boolean, 
/**
 * Why, or why not.
 */
why: string, 
/**
 * Records that the model in use has scored now; 0 where none is.
 */
scored: number, };

/**
 * A kept model to be used from now on.
 */
export type ScoreUseArgs = { 
/**
 * The portal.
 */
portal: string, 
/**
 * The model's version.
 */
version: number, };

/**
 * What choosing a model came to.
 */
export type ScoreUseView = { 
/**
 * The version that was used before: choosing it takes the choice back.
 */
before: number | null, 
/**
 * Open deals that the model has scored now.
 */
scored: number, 
/**
 * All models as they stand now, the newest first.
 */
models: Array<ScoreModelLine>, };

/**
 * What is scored. Models, cards and scores of one are never those of the other.
 */
export type Scored = "deals" | "contacts";

/**
 * Which scores are asked about.
 */
export type ScoringArgs = { 
/**
 * The portal, or an open snapshot.
 */
portal: string, 
/**
 * Whether deals are scored or contacts. Absent means deals.
 */
of: Scored, 
/**
 * As seen at the end of this day (`2026-08-03`), in the portal's time zone; absent means now.
 */
as_of: string | null, 
/**
 * One pipeline, or all: of contacts, only its deals are won with them.
 */
pipeline: string | null, 
/**
 * Days within which it happens or not: 30, 90 or 180. Absent means 90.
 */
horizon_days: number | null, 
/**
 * Further properties to learn from, such as `companies.tier`.
 */
properties: Array<string>, };

/**
 * Scores of open deals, or of contacts without a won deal, as knowable at a moment.
 */
export type ScoringReport = { 
/**
 * The name and version of this shape.
 */
schema: string, 
/**
 * Nothing later than this moment was used.
 */
as_of: string, 
/**
 * The portal's time zone.
 */
time_zone: string, 
/**
 * The finding, or why there is no score, in a sentence.
 */
finding: string, 
/**
 * Whether there is a score. Without, nothing is offered for HubSpot.
 */
is_published: boolean, 
/**
 * What the score is, of whom, and how well it did.
 */
card: ScoreCard, 
/**
 * The open deals, or the contacts, the likeliest first. Empty where there is no score.
 */
scores: Array<RecordScore>, 
/**
 * Where there is no score: how often they were won by what is known of them, drawn to the common rate.
 * No score, and called by its name.
 */
segments: Array<ScoreSegments>, 
/**
 * The records behind the counts.
 */
groups: Array<ScoreGroup>, 
/**
 * What a reader must know.
 */
notes: Array<string>, 
/**
 * How the figures were made.
 */
method: ScoreMethod, };

/**
 * The report on scores, with what the page around it needs.
 */
export type ScoringView = { 
/**
 * The portal, or an open snapshot.
 */
portal: string, 
/**
 * Present where this was made from a snapshot.
 */
snapshot?: SnapshotMark, 
/**
 * The pipelines to choose from.
 */
pipelines: Array<PipelineOption>, 
/**
 * The version of the kept model that gave the scores. None where a model was learnt for this report
 * alone, as of a past day.
 */
version: number | null, 
/**
 * The names of the open deals, or of the contacts, by id.
 */
names: { [id: string]: string }, 
/**
 * The report.
 */
report: ScoringReport, };

/**
 * The query that lists the deals of a segment.
 */
export type SegmentsQuery = { 
/**
 * The file's name without `.sql`.
 */
name: string, 
/**
 * Values of its named parameters but `:parts`; all are bound as text.
 */
parameters: { [key in string]: string }, 
/**
 * The value of `:parts` for everybody, and then for each segment of the report in its order.
 */
parts: Array<string>, };

/**
 * How serious a note is.
 */
export type Severity = "warning" | "information";

/**
 * A column that is not what it was.
 */
export type Shifted = { 
/**
 * The column.
 */
column: string, 
/**
 * By how much, against chance.
 */
drift: Drift, };

/**
 * The newest rows against those before.
 */
export type Shifts = { 
/**
 * The newest rows.
 */
newest: number, 
/**
 * The columns that changed by more than chance does, the most first.
 */
columns: Array<Shifted>, 
/**
 * The rate of the rows before.
 */
rate_then: number, 
/**
 * The rate of the newest.
 */
rate_now: number, 
/**
 * How likely chance parts the rates so far, what rows belong to taken as independent.
 */
rate_p: number, 
/**
 * How far what was said of the newest judged rows is from what happened, against chance.
 */
calibration: CalibrationError | null, 
/**
 * The mean of what was said of them.
 */
said: number | null, 
/**
 * The share of them that happened.
 */
came: number | null, 
/**
 * What to be careful about, in sentences. Empty where nothing changed by more than chance.
 */
warnings: Array<string>, };

/**
 * Which snapshot's file to delete.
 */
export type SnapshotDeleteArgs = { 
/**
 * The file's whole path.
 */
path: string, };

/**
 * The snapshots that this machine knows of.
 */
export type SnapshotList = { 
/**
 * Those that were saved from here, oldest first.
 */
saved: Array<SavedSnapshotView>, 
/**
 * Those that are open in this program.
 */
open: Array<OpenSnapshotView>, };

/**
 * Said by everything that is made from a snapshot: what is seen is frozen, and since when.
 */
export type SnapshotMark = { 
/**
 * The snapshot's own name, by which it is asked for.
 */
id: string, 
/**
 * The portal that was frozen.
 */
portal: string, 
/**
 * What the person called it.
 */
name: string, 
/**
 * When it was frozen.
 */
taken_at: string, 
/**
 * Up to when the copy was complete then: nothing later is known.
 */
complete_to: string | null, };

/**
 * A snapshot's file to be opened.
 */
export type SnapshotOpenArgs = { 
/**
 * The caller's name for this work.
 */
job: JobId, 
/**
 * The file's whole path.
 */
path: string, 
/**
 * What it was saved under.
 */
passphrase: string, };

/**
 * Which open snapshot.
 */
export type SnapshotRefArgs = { 
/**
 * The snapshot.
 */
snapshot: string, };

/**
 * A portal to be frozen.
 */
export type SnapshotSaveArgs = { 
/**
 * The caller's name for this work.
 */
job: JobId, 
/**
 * The portal.
 */
portal: string, 
/**
 * The whole path of the file to be made; absent means a new one in the data folder.
 */
to: string | null, 
/**
 * What to call it; absent means the portal's name.
 */
name: string | null, 
/**
 * What opens it again. It is kept nowhere.
 */
passphrase: string, };

/**
 * Where a competitor was read.
 */
export type Source = "property" | "loss_reason" | "win_reason" | "note" | "email_subject";

/**
 * Where the period will likely end. All include what is closed so far.
 */
export type Spread = { 
/**
 * One period in ten ends below.
 */
p10: MoneyValue, 
/**
 * As likely above as below.
 */
p50: MoneyValue, 
/**
 * One period in ten ends above.
 */
p90: MoneyValue, 
/**
 * Standard error of `p10`, `p50` and `p90` that comes from drawing a limited number of times.
 */
monte_carlo_error: [MoneyValue, MoneyValue, MoneyValue], };

/**
 * How long deals stay in a stage.
 */
export type StageAgeRow = { 
/**
 * The stage's pipeline.
 */
pipeline: PipelineView, 
/**
 * The stage.
 */
stage_id: string, 
/**
 * Its label.
 */
label: string, 
/**
 * First stays of deals there, those that last included.
 */
stays: number, 
/**
 * Days after which half of the stays have ended; none where that was not seen.
 */
median_days: number | null, 
/**
 * Days after which four of five have.
 */
p80_days: number | null, 
/**
 * What both rest on.
 */
evidence: Evidence, 
/**
 * Lists the deals.
 */
query: QueryRef, };

/**
 * A stage and what history says of it.
 */
export type StageRow = { 
/**
 * The stage's pipeline.
 */
pipeline: PipelineView, 
/**
 * HubSpot's id.
 */
id: string, 
/**
 * The label in HubSpot.
 */
label: string, 
/**
 * Deals that are open in it now.
 */
open_deals: number, 
/**
 * Their amounts.
 */
open_amount: MoneyValue, 
/**
 * What they are expected to bring within the period.
 */
expected: MoneyValue | null, 
/**
 * The stage's own record; none below the evidence for a number.
 */
own: Rate | null, 
/**
 * Deals once seen in this stage whose outcome is known.
 */
own_deals: number, 
/**
 * Of these, deals that were won within the horizon at least once it was asked.
 */
own_won: number, 
/**
 * What the stage's own record rests on.
 */
own_evidence: Evidence, 
/**
 * What its deals get: the stage's own rate, or a borrowed one.
 */
used: Rate | null, 
/**
 * Where `used` comes from.
 */
basis: Basis, 
/**
 * What `used` rests on.
 */
evidence: Evidence, 
/**
 * HubSpot's own probability of this stage.
 */
hubspot_probability: number | null, 
/**
 * Lists the deals behind `own`.
 */
query: QueryRef, };

/**
 * What stalled deals lack.
 */
export type Stalled = { 
/**
 * Which deals, and whom they are compared with.
 */
definition: string, 
/**
 * Days before the moment that were looked at.
 */
window_days: number, 
/**
 * Stalled deals that others of the same stage and age could be found for.
 */
n: number, 
/**
 * What they lack, the largest gap first.
 */
rows: Array<StalledRow>, 
/**
 * The deals, those stalled longest first.
 */
deals: Array<StalledDeal>, 
/**
 * The query that lists them.
 */
query: QueryRef, };

/**
 * A stalled deal.
 */
export type StalledDeal = { 
/**
 * The deal.
 */
id: string, 
/**
 * Its name now.
 */
name: string | null, 
/**
 * Its stage.
 */
stage: string, 
/**
 * Days in it.
 */
days_in_stage: number, 
/**
 * What most others had at this stage and age, and it has not.
 */
lacks: Array<Measure>, };

/**
 * One kind of activity of stalled deals.
 */
export type StalledRow = { 
/**
 * The kind.
 */
measure: Measure, 
/**
 * What it is called on a screen.
 */
label: string, 
/**
 * Share of the stalled deals with any.
 */
stalled: number, 
/**
 * Share of the others with any, at the same stage and age.
 */
others: number, 
/**
 * The difference, with its interval. None below the evidence it needs.
 */
effect: Effect | null, 
/**
 * What it rests on.
 */
evidence: Evidence, 
/**
 * The share of false ones among all differences up to this one.
 */
q: number | null, 
/**
 * Stalled deals without any.
 */
without: number, };

/**
 * A contender and how it did.
 */
export type Standing = { 
/**
 * Which one.
 */
contender: Contender, 
/**
 * What it is called.
 */
name: string, 
/**
 * On the rows that were judged.
 */
judged: Judged, };

/**
 * One stream of a run.
 */
export type StreamView = { 
/**
 * Such as `records/deals` or `associations/deals/contacts`.
 */
stream: string, 
/**
 * Rows read.
 */
rows: number, 
/**
 * Why HubSpot does not give this stream to us; absent when it does.
 */
unavailable: string | null, 
/**
 * What was read and what HubSpot counted, such as `498 of 500`, where the two could not be
 * brought together; the next run reads the same again.
 */
unproven?: string, };

/**
 * What a score says, and of whom.
 */
export type Subject = { 
/**
 * What happens, such as "the deal is won".
 */
event: string, 
/**
 * Within so many days; none where the outcome is taken as it is.
 */
horizon_days: number | null, 
/**
 * Whose rows these are, such as "open deals of all pipelines".
 */
population: string, };

/**
 * The change in a sentence.
 */
export type Summary = { 
/**
 * Such as `−84k EUR: three pushes −70k, one down-sell −14k.` Sums are rounded here.
 */
text: string, 
/**
 * Its clauses in their order, each with its deals.
 */
clauses: Array<Clause>, };

/**
 * Something that may tell what nobody knows yet.
 */
export type Suspect = { 
/**
 * The column; none where the rows themselves are suspected.
 */
column: string | null, 
/**
 * What makes it one.
 */
kind: SuspectKind, 
/**
 * The evidence as a number, by the kind: an area, a share or a count.
 */
evidence: number, 
/**
 * The evidence in a sentence.
 */
sentence: string, 
/**
 * Why somebody let it in all the same.
 */
overruled: string | null, };

/**
 * What makes something a suspect.
 */
export type SuspectKind = "tells_outcome" | "filled_in_tells_outcome" | "settles" | "named_for_the_end" | "computed_today" | "written_at_closing" | "filled_at_closing" | "worse_when_older" | "known_later" | "dates_ahead" | "differs_while_open" | "tells_the_time" | "rows_differ" | "duplicates" | "row_order" | "shuffled_outcomes";

/**
 * A sync to be run.
 */
export type SyncArgs = { 
/**
 * The caller's name for this work.
 */
job: JobId, 
/**
 * The portal.
 */
portal: string, 
/**
 * Reads everything again, also where only what changed is due.
 */
full?: boolean, 
/**
 * Compares every id with HubSpot's, also where the counts agree.
 */
reconcile?: boolean, };

/**
 * What a run reads.
 */
export type SyncKind = "full" | "resumed" | "changes";

/**
 * How a run ended.
 */
export type SyncOutcome = "done" | "cancelled" | "failed" | "running" | "interrupted";

/**
 * What a sync did.
 */
export type SyncReportView = { 
/**
 * The portal.
 */
portal: string, 
/**
 * What it read.
 */
kind: SyncKind, 
/**
 * How it ended.
 */
outcome: SyncOutcome, 
/**
 * Rows read over all streams.
 */
rows: number, 
/**
 * Calls made to HubSpot to read.
 */
calls: number, 
/**
 * Calls made after that, to compare with HubSpot's own counts.
 */
calls_to_check: number, 
/**
 * How long the reading took.
 */
seconds: number, 
/**
 * The streams, in the order in which they were read.
 */
streams: Array<StreamView>, 
/**
 * How the copy compares with HubSpot's own counts after it; absent when it was not ended.
 */
reconciliation: ReconciliationView | null, };

/**
 * A run in the history.
 */
export type SyncRunView = { 
/**
 * When it began.
 */
started_at: string, 
/**
 * When it ended; absent if it never did.
 */
finished_at: string | null, 
/**
 * How it ended.
 */
outcome: SyncOutcome, 
/**
 * What it read.
 */
kind: SyncKind, 
/**
 * Rows read.
 */
rows: number, 
/**
 * Calls made to read.
 */
calls: number, 
/**
 * What stopped it, as a code of the error table.
 */
error_code: string | null, };

/**
 * The state of a portal's copy.
 */
export type SyncStatus = { 
/**
 * The portal, or an open snapshot.
 */
portal: string, 
/**
 * Present where this was made from a snapshot.
 */
snapshot?: SnapshotMark, 
/**
 * When the copy was last completed.
 */
synced_at: string | null, 
/**
 * Whether a sync runs right now.
 */
running: boolean, 
/**
 * Calls that the last reading of everything cost; absent where there was none, or where a run
 * of it died and took its count along.
 */
full_calls: number | null, 
/**
 * Calls that HubSpot said are left of the portal's day; absent where it tells no budget, or
 * was not asked anything today.
 */
calls_left: number | null, 
/**
 * Streams of the current copy with their rows.
 */
streams: Array<StreamView>, 
/**
 * How the copy last compared with HubSpot's own counts; absent before the first time.
 */
reconciliation: ReconciliationView | null, 
/**
 * The last runs, newest first.
 */
runs: Array<SyncRunView>, };

/**
 * A team to choose.
 */
export type TeamOption = { 
/**
 * The team.
 */
id: string, 
/**
 * Its name in HubSpot.
 */
name: string, 
/**
 * How many owners belong to it now.
 */
owners: number, };

/**
 * A team. Its owners are those who belong to it now: HubSpot tells no history of teams.
 */
export type TeamView = { 
/**
 * HubSpot's id.
 */
id: string, 
/**
 * The name; the id where HubSpot tells none.
 */
name: string, };

/**
 * What a way of recalibrating would have lost.
 */
export type Tried = { 
/**
 * The way.
 */
how: Redrawn, 
/**
 * The mean log loss over the same rows.
 */
log_loss: number, };

/**
 * What made the alert.
 */
export type Trigger = "ratio" | "chart" | "draws" | "fisher";

/**
 * A passphrase for the vault.
 */
export type UnlockArgs = { 
/**
 * The passphrase; with a new vault, the one to seal it with.
 */
passphrase: string, };

/**
 * The key to everything is to be kept elsewhere.
 */
export type VaultMoveArgs = { 
/**
 * Where.
 */
to: VaultPlace, };

/**
 * Where the key to everything is to be kept.
 */
export type VaultPlace = { "kind": "keychain" } | { "kind": "passphrase", 
/**
 * The new passphrase.
 */
passphrase: string, };

/**
 * Where the key to everything is kept.
 */
export type VaultSeal = { 
/**
 * Whether it is in the system's keychain; else it is sealed under a passphrase.
 */
in_keychain: boolean, 
/**
 * What that keychain calls itself.
 */
keychain: string | null, 
/**
 * After a move: whether the old place has let go of it.
 */
old_place_empty: boolean, };

/**
 * The state of the secrets.
 */
export type VaultView = { "state": "ready" } | { "state": "new_passphrase" } | { "state": "needs_passphrase" } | { "state": "keychain_locked" };

/**
 * A name that waits for a person: a misspelling, or one that nobody listed.
 */
export type WaitingRow = { 
/**
 * As it is written first.
 */
name: string, 
/**
 * Who may be meant. None: a name that is in no dictionary.
 */
competitor: CompetitorId | null, 
/**
 * The sentences it stands in.
 */
sentences: Array<string>, 
/**
 * The deals.
 */
deals: string[], };

/**
 * Which change is asked about. Days are those of the portal's time zone, as `2026-08-03`.
 */
export type WaterfallArgs = { 
/**
 * The portal, or an open snapshot.
 */
portal: string, 
/**
 * The first day: the start is the moment before it.
 */
from: string, 
/**
 * The last day: the end is its last moment, or as far as the copy is complete.
 */
to: string, 
/**
 * One pipeline, or all.
 */
pipeline: string | null, 
/**
 * The deals of one owner, or of all and none.
 */
owner: string | null, 
/**
 * The deals of one team's owners; together with `owner` it is refused.
 */
team?: string | null, 
/**
 * The first and the last day of the close dates, or whenever deals close.
 */
closing: [string, string] | null, };

/**
 * Why a deal's part of the open pipeline changed.
 */
export type WaterfallLine = "created" | "pulled_in" | "slipped_in" | "date_set" | "reopened" | "pipeline_in" | "owner_in" | "not_known_then" | "up" | "down" | "currency" | "pushed_out" | "moved_before" | "date_cleared" | "won" | "lost" | "gone" | "pipeline_out" | "owner_out";

/**
 * From the open pipeline of one moment to that of a later one:
 * `start + lines = end`, to the cent.
 */
export type WaterfallReport = { 
/**
 * The name and version of this shape.
 */
schema: string, 
/**
 * The portal's time zone, in which every day is meant.
 */
time_zone: string, 
/**
 * The currency of every sum.
 */
home_currency: string, 
/**
 * Which deals are asked about.
 */
scope: ScopeView, 
/**
 * The change in words.
 */
summary: Summary, 
/**
 * The open deals at the start.
 */
start: EndView, 
/**
 * Every line in its order, those that hold no deal included.
 */
lines: Array<LineView>, 
/**
 * The open deals at the end.
 */
end: EndView, 
/**
 * The end less the start.
 */
change: MoneyValue, 
/**
 * What the lines leave unexplained: 0.00.
 */
residual: MoneyValue, 
/**
 * The rates by which other currencies became the home currency. One serves both ends.
 */
exchange_rates: Array<ExchangeRate>, 
/**
 * How deals are put into lines.
 */
method: string, };

/**
 * What moved the open pipeline, with where it comes from.
 */
export type WaterfallView = { 
/**
 * The portal, or an open snapshot.
 */
portal: string, 
/**
 * Present where this was made from a snapshot.
 */
snapshot?: SnapshotMark, 
/**
 * The report.
 */
report: WaterfallReport, };

/**
 * Scores of Mondays that lie as many weeks before the end.
 */
export type WeeksToGo = { 
/**
 * From so many weeks.
 */
from: number, 
/**
 * To so many; none for all that are longer.
 */
to: number | null, 
/**
 * Mondays.
 */
origins: number, 
/**
 * Periods.
 */
periods: number, 
/**
 * Scores, this report first.
 */
scores: Array<Score>, };

/**
 * How much a column counts.
 */
export type Weighty = { 
/**
 * The column.
 */
column: string, 
/**
 * The mean of what it adds to the log-odds, taken without its sign.
 */
log_odds: number, };

/**
 * Something to be supposed of a forecast.
 */
export type WhatIfArgs = { 
/**
 * The forecast to start from.
 */
forecast: ForecastArgs, 
/**
 * What is supposed, all at once.
 */
changes: Array<Change>, };

/**
 * The forecast before and after.
 */
export type WhatIfReport = { 
/**
 * The name and version of this shape.
 */
schema: string, 
/**
 * The moment of the forecast that this starts from.
 */
as_of: string, 
/**
 * As it is.
 */
before: Outcome, 
/**
 * As it would be.
 */
after: Outcome, 
/**
 * The forecast after less before.
 */
change: MoneyValue, 
/**
 * The deals that would count differently, the largest change first. They sum to `change`.
 */
deals: Array<WhatIfRow>, 
/**
 * Deals that were named and are not open in this forecast.
 */
unknown: string[], 
/**
 * The seed of the draws: each deal has the same luck before and after.
 */
seed: string, 
/**
 * How many draws.
 */
draws: number, };

/**
 * A deal that would count differently.
 */
export type WhatIfRow = { 
/**
 * The deal.
 */
id: string, 
/**
 * Its name now.
 */
name: string | null, 
/**
 * What it counts.
 */
before: MoneyValue, 
/**
 * What it would count.
 */
after: MoneyValue, 
/**
 * `after` less `before`.
 */
change: MoneyValue, };

/**
 * Whose deals: everybody's and nobody's, unless a team or an owner is asked for.
 */
export type WhoseView = { 
/**
 * A team; none where none is asked for.
 */
team: TeamView | null, 
/**
 * The owners whose deals count, those of the team where one is asked for; none means everybody.
 */
owners: Array<OwnerView> | null, };

/**
 * Why nothing is adjusted.
 */
export type WhyNotAdjusted = "no_neutral_source" | "too_few" | "no_fit";

/**
 * Why a source gives no win rate.
 */
export type WhyShare = "only_losses" | "logged_after_losses" | "undated" | "silent";

/**
 * An error on its way to a person.
 */
export type WireError = { 
/**
 * What kind of trouble this is.
 */
code: ErrorCode, 
/**
 * What happened and what is safe, in plain words. Never a token, a name or a text from data.
 */
message: string, 
/**
 * What to do next.
 */
hint: string, 
/**
 * Whether the same request may succeed later without any change.
 */
retryable: boolean, };

/**
 * A deal won in the period.
 */
export type WonRow = { 
/**
 * The deal.
 */
id: string, 
/**
 * Its name now.
 */
name: string | null, 
/**
 * The pipeline in which it was won.
 */
pipeline: PipelineView, 
/**
 * Its owner a day after the winning, or at `as_of` where that is sooner.
 */
owner_id: string | null, 
/**
 * The owner's name.
 */
owner_name: string | null, 
/**
 * When it was won.
 */
won_at: string, 
/**
 * The day of that, in the portal's calendar.
 */
won_day: string, 
/**
 * The amount, in the home currency; none when there is none or no rate.
 */
amount: MoneyValue | null, 
/**
 * The same amount in the deal's own currency.
 */
own_amount: MoneyValue | null, };

export interface Calls {
  /** What the window needs to know first: version, and whether secrets can be read. */
  status: { args: NoArgs; answer: AppStatus };
  /** Opens the vault with a passphrase, or seals a new one with it. */
  unlock: { args: UnlockArgs; answer: AppStatus };
  /** Keeps the key to everything elsewhere: in the keychain, or under a passphrase. */
  vault_move: { args: VaultMoveArgs; answer: VaultSeal };
  /** Where the key to everything is kept. */
  vault_seal: { args: NoArgs; answer: VaultSeal };
  /** The portals on this machine. */
  portals: { args: NoArgs; answer: Array<PortalSummary> };
  /** Connects a portal. Ends when consent was given, refused or waited for too long. */
  connect: { args: ConnectArgs; answer: PortalSummary };
  /** Connects a portal of this machine again, for writing too where that is asked for. */
  reconnect: { args: ReconnectArgs; answer: PortalSummary };
  /** What a portal's token may be used for, and which scopes are missing. */
  features: { args: PortalArgs; answer: Array<FeatureView> };
  /** Starts the demo portal on this machine and connects it over OAuth. */
  demo: { args: DemoArgs; answer: PortalSummary };
  /** Names and colours a portal. */
  rename: { args: RenameArgs; answer: PortalSummary };
  /** Removes everything that is known of a portal from this machine. */
  forget: { args: PortalArgs; answer: ForgetReceipt };
  /** Stops long work. True when there was such work. */
  cancel: { args: CancelArgs; answer: boolean };
  /** Reads a portal into its copy; goes on where an earlier run stopped. */
  sync: { args: SyncArgs; answer: SyncReportView };
  /** Compares a copy with HubSpot's own counts, explains differences and reads what was missed. */
  verify: { args: SyncArgs; answer: ReconciliationView };
  /** The state of a portal's copy and its last runs. */
  sync_status: { args: CopyArgs; answer: SyncStatus };
  /** Freezes a portal into one encrypted file. */
  snapshot_save: { args: SnapshotSaveArgs; answer: SavedSnapshotView };
  /** The snapshots that were saved from here, and those that are open. */
  snapshots: { args: NoArgs; answer: SnapshotList };
  /** Opens a snapshot's file, read-only. */
  snapshot_open: { args: SnapshotOpenArgs; answer: SnapshotMark };
  /** Closes an open snapshot. True when it was open. */
  snapshot_close: { args: SnapshotRefArgs; answer: boolean };
  /** Deletes a snapshot's file. */
  snapshot_delete: { args: SnapshotDeleteArgs; answer: boolean };
  /** How a period will end. */
  forecast: { args: ForecastArgs; answer: ForecastView };
  /** How a period would end if something were different. */
  what_if: { args: WhatIfArgs; answer: WhatIfReport };
  /** Where a portal's quarters begin. */
  fiscal_year: { args: CopyArgs; answer: FiscalYearView };
  /** Says where a portal's quarters begin. */
  fiscal_year_set: { args: FiscalYearArgs; answer: FiscalYearView };
  /** Enters a quota as a new version, and tells all versions of all quotas. */
  quota_set: { args: QuotaSetArgs; answer: Array<QuotaEntry> };
  /** All versions of all quotas, the newest first. */
  quotas: { args: QuotaListArgs; answer: Array<QuotaEntry> };
  /** What moved the open pipeline between two days. */
  waterfall: { args: WaterfallArgs; answer: WaterfallView };
  /** Who else is in the deals, and what became of them. */
  competitors: { args: CompetitorsArgs; answer: CompetitorsView };
  /** The competitors that are looked for, and whether texts of activities are read. */
  competitor_list: { args: CopyArgs; answer: CompetitorListView };
  /** Changes the list of competitors. */
  competitor_change: { args: CompetitorChangeArgs; answer: CompetitorListView };
  /** Switches the reading of note bodies and e-mail subjects on, or off and removes them. */
  competitor_texts: { args: CompetitorTextsArgs; answer: CompetitorListView };
  /** Which customers get deals, win them and bring most. */
  icp: { args: IcpArgs; answer: IcpView };
  /** Keeps the customers that the user believes to be the best, as a new version. */
  icp_declare: { args: IcpDeclareArgs; answer: Array<DeclaredIcpView> };
  /** What was declared, newest first. */
  icp_declared: { args: CopyArgs; answer: Array<DeclaredIcpView> };
  /** Which activities go with winning, and what stalled deals lack. */
  activity: { args: ActivityArgs; answer: ActivityView };
  /** How likely open deals are won, or contacts convert, with reasons; or why there is no score. */
  scoring: { args: ScoringArgs; answer: ScoringView };
  /** Trains a score on all that is known, and keeps it with its card. */
  score_train: { args: ScoreTrainArgs; answer: ScoreTrainView };
  /** The models that were kept, newest first. */
  score_models: { args: CopyArgs; answer: Array<ScoreModelLine> };
  /** A model that was kept, with its card. */
  score_card: { args: ScoreCardArgs; answer: ScoreModelView };
  /** Uses a model that was kept before, from now on. */
  score_use: { args: ScoreUseArgs; answer: ScoreUseView };
  /** What scores learn from, and what else they could. */
  score_properties: { args: CopyArgs; answer: ScorePropertiesView };
  /** Chooses what else scores learn from, from the next training on. */
  score_properties_set: { args: ScorePropertiesArgs; answer: ScorePropertiesView };
  /** Why an open deal's or a contact's score is what it is, with those behind each reason. */
  score_explain: { args: ScoreExplainArgs; answer: ScoreExplainView };
  /** What one deal said when. */
  deal_story: { args: DealArgs; answer: DealStory };
  /** Computes which win probabilities would change in HubSpot. Writes nothing there. */
  plan_writeback: { args: PlanArgs; answer: PlanView };
  /** The plans of a portal, newest first. */
  plans: { args: PortalArgs; answer: Array<PlanSummary> };
  /** One plan with its changes. */
  plan: { args: PlanRefArgs; answer: PlanView };
  /** Signs a plan. */
  approve_plan: { args: PlanRefArgs; answer: PlanView };
  /** Puts a plan aside. */
  discard_plan: { args: PlanRefArgs; answer: PlanSummary };
  /** Sends an approved plan's changes; goes on where an earlier run stopped. */
  apply_plan: { args: ApplyArgs; answer: PlanView };
  /** Computes the plan that would take an applied one back. */
  plan_undo: { args: ApplyArgs; answer: PlanView };
  /** Opens a record in HubSpot, in the system browser. */
  open_record: { args: OpenRecordArgs; answer: boolean };
}
