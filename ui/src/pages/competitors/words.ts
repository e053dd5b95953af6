import type {
  AlertKind,
  Caution,
  Cell,
  CompetitorsView,
  Alert,
  Reason,
  Role,
  Source,
  WhyNotAdjusted,
  WhyShare,
} from "$lib/bindings";
import { count, counted, percent } from "$lib/format";

export const SOURCES: Record<Source, string> = {
  property: "competitor property",
  loss_reason: "loss reason",
  win_reason: "win reason",
  note: "note",
  email_subject: "e-mail subject",
};

export const ROLES: Record<Role, string> = {
  lost_to: "lost to",
  displaced: "replaced",
  incumbent: "incumbent",
  evaluated: "evaluated",
  partner: "partner",
  mentioned: "named",
};

export const REASONS: Record<Reason, string> = {
  no_decision: "No decision",
  budget: "Budget",
  timing: "Timing",
  went_dark: "Went dark",
  feature_gap: "A feature missing",
};

export const WHY_SHARE: Record<WhyShare, string> = {
  only_losses: "it is filled where deals are lost alone",
  logged_after_losses: "it names competitors more than twice as often after losses as after wins",
  undated: "it is not known when it was written",
  silent: "it names no competitor in a closed deal",
};

export const WHY_NOT_ADJUSTED: Record<WhyNotAdjusted, string> = {
  no_neutral_source: "no source names competitors whatever the outcome",
  too_few: "no competitor has ten deals won and ten lost with it in them",
  no_fit: "competitors and segments cannot be told apart in these deals",
};

export const CAUTIONS: Record<Caution, string> = {
  losses_not_recorded: "Deals were won and none was lost: losses are not recorded here.",
  no_win_rates:
    "No source names competitors whatever the outcome, so there are shares of losses and no win rates.",
  logged_after_losses:
    "Some source names competitors more than twice as often after losses as after wins: it gives no win rate.",
  named_more_in_losses:
    "Some source names competitors more often in lost deals than in won ones. What they do to deals and when they are written down look the same in such counts.",
  names_waiting: "Names wait for you, and are not counted until you have decided.",
};

export const ALERTS: Record<AlertKind, string> = {
  surge: "More is lost to it than before",
  newcomer: "New among the losses",
  first_seen: "Never named before",
  in_segment: "More of one segment is lost to it than before",
  money: "More of the money lost goes to it than before",
  wins_collapse: "Fewer deals are won against it than before",
};

/** What competitors are called, by their keys. */
export function competitorNames(view: CompetitorsView): Map<string, string> {
  return new Map(view.list.competitors.map(({ id, name }) => [id, name]));
}

/** What stands over a column of the matrix. */
export function columnWords(
  segment: string | null,
  stage: string | null,
  stages: CompetitorsView["stages"],
): string {
  if (stage !== null) return stage === "" ? "Arrived closed" : (stages[stage] ?? stage);
  if (segment !== null) return segment === "" ? "Not known" : segment;
  return "All deals";
}

/** The page's one sentence. */
export function finding(view: CompetitorsView): string {
  const { report } = view;
  if (view.list.competitors.length === 0) {
    return "No competitor is listed yet. Names that wait below are a beginning.";
  }
  const names = competitorNames(view);
  const whole = report.cells.filter((cell) => cell.segment === null && cell.stage === null);
  const most = whole.reduce<Cell | null>(
    (best, cell) => (cell.lost_deals.length > (best?.lost_deals.length ?? 0) ? cell : best),
    null,
  );
  if (most === null || most.share_of_losses === null) {
    return `${counted(report.lost, "lost deal")}, none of which names a competitor as the one who got it.`;
  }
  const { low, high, n } = most.share_of_losses;
  const name = names.get(most.competitor) ?? most.competitor;
  return (
    `Most losses that name anybody name ${name}: ${percent(most.share_of_losses.value)} ` +
    `(${percent(low)} to ${percent(high)}) of ${counted(n, "lost deal")}.`
  );
}

/** What an alert counts, and out of what. */
const COUNTED: Record<AlertKind, { one: string; many: string }> = {
  surge: { one: "loss", many: "losses" },
  newcomer: { one: "loss", many: "losses" },
  first_seen: { one: "deal with anybody named", many: "deals with anybody named" },
  in_segment: { one: "loss of the segment", many: "losses of the segment" },
  money: { one: "loss", many: "losses" },
  wins_collapse: { one: "closed deal with it", many: "closed deals with it" },
};

/** An alert's counts, in words. */
export function alertCounts(alert: Alert): string {
  const { one, many } = COUNTED[alert.kind];
  const what = alert.kind === "wins_collapse" ? "won " : "";
  return (
    `${what}${count(alert.count)} of ${counted(alert.exposure, one, many)}, ` +
    `before that ${count(alert.count_before)} of ${count(alert.exposure_before)}`
  );
}

/** An alert's ratio with its interval: of the money where the money made it. */
export function alertRatio({ ratio, money }: Alert): string {
  if (money !== null) {
    const range = `${money.low.toFixed(1)} to ${money.high.toFixed(1)}`;
    return `${money.value.toFixed(1)} times the share of the money lost (${range})`;
  }
  const low = ratio.low.toFixed(1);
  if (ratio.value === null || ratio.high === null) return `at least ${low} times as often`;
  return `${ratio.value.toFixed(1)} times as often (${low} to ${ratio.high.toFixed(1)})`;
}
