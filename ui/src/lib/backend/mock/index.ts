import type {
  AppStatus,
  Calls,
  ChangeView,
  Event,
  PlanView,
  PortalSummary,
  SnapshotMark,
  WireError,
} from "../../bindings";
import { CallError } from "../../errors";
import { sampleCompetitorList, sampleCompetitors } from "../../testing/competitors";
import { checkedIcp, sampleDeclared } from "../../testing/icp";
import { sampleActivity } from "../../testing/activity";
import {
  sampleExplanation,
  sampleModel,
  sampleModels,
  sampleProperties,
  sampleScoring,
} from "../../testing/scoring";
import { SAMPLE_QUOTAS, sampleWhatIf } from "../../testing/quota";
import { sampleReport } from "../../testing/report";
import { STREAMS, reconciliation } from "../../testing/sync";
import { sampleWaterfall } from "../../testing/waterfall";
import type { Backend } from "../backend";

/** A host without a program behind it, for looking at screens and for component tests. Which state
 * it begins in is said by `?mock=…` in the address. Never part of a build that ships. */

type Handlers = { [K in keyof Calls]: (args: Calls[K]["args"]) => Promise<Calls[K]["answer"]> };

export interface MockOptions {
  readonly vault?: AppStatus["vault"]["state"];
  readonly portals?: PortalSummary[];
  /** Calls that are refused, and how. */
  readonly refuse?: Partial<Record<keyof Calls, WireError>>;
  /** How long an answer takes, in ms. */
  readonly delay?: number;
  readonly overrides?: Partial<Handlers>;
}

export const DEMO: PortalSummary = {
  id: "4711001",
  name: "Demo portal",
  colour: 0,
  demo: true,
  account_type: "STANDARD",
  time_zone: "Europe/Berlin",
  home_currency: "EUR",
  connection: { state: "connected" },
  connected_by: "own_app",
  synced_at: "2026-11-21T07:51:00.000Z",
};

export const ACME: PortalSummary = {
  ...DEMO,
  id: "4711002",
  name: "Acme GmbH",
  colour: 2,
  demo: false,
  connection: {
    state: "disconnected",
    since: "2026-11-12T09:30:00.000Z",
    why: "access_withdrawn",
  },
};

export const GLOBEX: PortalSummary = {
  ...DEMO,
  id: "4711003",
  name: "Globex Inc",
  colour: 4,
  demo: false,
  connection: { state: "token_refused", since: "2026-11-20T09:30:00.000Z" },
  connected_by: "token",
};

const SNAPSHOT: SnapshotMark = {
  id: "snap-00000000000000ff",
  portal: ACME.id,
  name: "Before the reorganisation",
  taken_at: "2026-11-20T16:00:00.000Z",
  complete_to: "2026-11-20T15:51:00.000Z",
};

function planView(plan: number, state: PlanView["summary"]["state"]): PlanView {
  const done = state === "applied";
  const changes = sampleReport().deals.map((deal, index): ChangeView => {
    const failed = done && index === 3;
    const conflict = done && index === 7;
    return {
      record: deal.id,
      name: deal.name,
      old: index % 3 === 0 ? null : "0.2100",
      new: (deal.probability?.value ?? 0).toFixed(4),
      state: failed ? "failed" : conflict ? "conflict" : done ? "confirmed" : "planned",
      reason: failed
        ? "HubSpot refused it: a required property is empty (VALIDATION_ERROR)."
        : conflict
          ? "HubSpot holds 0.5000 now: somebody changed it after the plan was made."
          : null,
    };
  });
  const in_state = (wanted: string) => changes.filter((change) => change.state === wanted).length;
  return {
    summary: {
      plan,
      state,
      purpose: "Win probability of open deals",
      object_type: "deals",
      property: "plumbline_win_probability",
      as_of: "2026-11-21T07:51:00.000Z",
      created_at: "2026-11-21T07:58:00.000Z",
      approved_at: state === "planned" ? null : "2026-11-21T08:01:00.000Z",
      approved_by: state === "planned" ? null : "ada",
      applied_at: done ? "2026-11-21T08:02:00.000Z" : null,
      undoes: null,
      counts: {
        total: changes.length,
        planned: in_state("planned"),
        sending: 0,
        confirmed: in_state("confirmed"),
        failed: in_state("failed"),
        conflict: in_state("conflict"),
      },
    },
    creates: done ? [] : ["group plumbline", "property plumbline_win_probability"],
    unchanged: 12,
    calls: 6,
    changes,
  };
}

export function mockBackend(options: MockOptions = fromAddress()): Backend {
  const { delay = 120, refuse = {}, overrides = {} } = options;
  const listeners = new Set<(event: Event) => void>();
  const tell = (event: Event) => listeners.forEach((listener) => listener(event));
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const cancelled = new Set<string>();

  let vault: AppStatus["vault"] = { state: options.vault ?? "ready" };
  let portals = options.portals ?? [DEMO, ACME];
  let icps = sampleDeclared();
  let ownNames = sampleCompetitorList().own_names;
  let frozen = false;
  let fiscalYear = { first_month: 1 };
  let scoreModels = sampleModels();
  let scoreProperties = sampleProperties();
  let plans: PlanView[] = [planView(1, "applied")];

  const status = (): AppStatus => ({
    version: "0.1.0",
    vault,
    demo_wanted: false,
    redirect_urls: ["http://localhost:53682/callback", "http://localhost:53683/callback"],
    required_scopes: ["oauth", "crm.objects.deals.read", "crm.objects.deals.write"],
    optional_scopes: ["sales-email-read", "tickets", "crm.objects.custom.read"],
  });

  async function work(
    job: string,
    portal: string | null,
    phase: "reading" | "checking" | "writing" | "starting_demo" | "waiting_for_consent",
    steps = 9,
  ) {
    for (let step = 0; step < steps * 4; step++) {
      if (cancelled.has(job)) {
        throw new CallError({
          code: "cancelled",
          message: "Stopped.",
          hint: "Start again to go on.",
          retryable: true,
        });
      }
      tell({
        event: "progress",
        job,
        portal,
        progress: {
          phase,
          what: STREAMS[Math.floor(step / 4)]?.stream ?? "",
          steps_done: Math.floor(step / 4),
          steps_total: steps,
          done: step * 612,
          per_second: 1240,
          seconds_left: step < 3 ? null : (steps * 4 - step) * 0.25,
          calls: step * 7,
          calls_left: 249_736 - step * 7,
        },
      });
      await wait(delay * 2);
    }
  }

  const find = (number: number): PlanView => {
    const plan = plans.find((known) => known.summary.plan === number);
    if (plan === undefined)
      throw new CallError({
        code: "bad_input",
        message: "There is no such plan.",
        hint: "Choose one of the list.",
        retryable: false,
      });
    return plan;
  };
  const put = (plan: PlanView): PlanView => {
    plans = [plan, ...plans.filter((known) => known.summary.plan !== plan.summary.plan)].sort(
      (a, b) => b.summary.plan - a.summary.plan,
    );
    return plan;
  };

  const handlers: Handlers = {
    status: async () => status(),
    unlock: async () => {
      vault = { state: "ready" };
      return status();
    },
    portals: async () => portals,
    connect: async ({ name }) => {
      const portal = {
        ...DEMO,
        id: "4711009",
        name: name ?? "Portal 4711009",
        demo: false,
        colour: 3,
        synced_at: null,
      };
      portals = [...portals, portal];
      return portal;
    },
    reconnect: async ({ job, portal }) => {
      await work(job, portal, "waiting_for_consent", 2);
      portals = portals.map((known) =>
        known.id === portal ? { ...known, connection: { state: "connected" } } : known,
      );
      tell({ event: "portals_changed" });
      return portals.find((known) => known.id === portal) ?? DEMO;
    },
    features: async () => [
      { feature: "reading", state: "on", missing: [] },
      { feature: "writeback", state: "off", missing: ["crm.objects.deals.write"] },
    ],
    demo: async ({ job }) => {
      await work(job, null, "starting_demo", 2);
      portals = [...portals.filter((known) => known.id !== DEMO.id), { ...DEMO, synced_at: null }];
      tell({ event: "portals_changed" });
      return { ...DEMO, synced_at: null };
    },
    rename: async ({ portal, name, colour }) => {
      portals = portals.map((known) => (known.id === portal ? { ...known, name, colour } : known));
      return portals.find((known) => known.id === portal) ?? DEMO;
    },
    forget: async ({ portal }) => {
      portals = portals.filter((known) => known.id !== portal);
      tell({ event: "portals_changed" });
      return {
        portal,
        files_removed: [`${portal}.db`, `${portal}.db-wal`],
        bytes_removed: 48_000_000,
        log_lines_removed: 12,
        snapshots_left: [],
        token_revoked: true,
      };
    },
    cancel: async ({ job }) => cancelled.add(job).has(job),
    sync: async ({ job, portal, full }) => {
      await work(job, portal, "reading");
      portals = portals.map((known) =>
        known.id === portal ? { ...known, synced_at: new Date().toISOString() } : known,
      );
      tell({ event: "portals_changed" });
      return {
        portal,
        kind: full === true ? "full" : "changes",
        outcome: "done",
        rows: 22_281,
        calls: 264,
        calls_to_check: 38,
        seconds: 18.2,
        streams: STREAMS,
        reconciliation: reconciliation(),
      };
    },
    verify: async ({ job, portal }) => {
      await work(job, portal, "checking");
      return reconciliation();
    },
    sync_status: async ({ portal }) => {
      const synced_at = portals.find((known) => known.id === portal)?.synced_at ?? null;
      return {
        portal,
        synced_at,
        running: false,
        full_calls: 264,
        calls_left: 249_736,
        streams: synced_at === null ? [] : STREAMS,
        reconciliation: synced_at === null ? null : reconciliation(),
        runs:
          synced_at === null
            ? []
            : [
                {
                  started_at: "2026-11-21T07:50:00.000Z",
                  finished_at: "2026-11-21T07:51:00.000Z",
                  outcome: "done",
                  kind: "changes",
                  rows: 22_281,
                  calls: 264,
                  error_code: null,
                },
                {
                  started_at: "2026-11-20T16:10:00.000Z",
                  finished_at: "2026-11-20T16:10:20.000Z",
                  outcome: "done",
                  kind: "resumed",
                  rows: 8120,
                  calls: 88,
                  error_code: null,
                },
                {
                  started_at: "2026-11-19T09:00:00.000Z",
                  finished_at: null,
                  outcome: "interrupted",
                  kind: "resumed",
                  rows: 410,
                  calls: 9,
                  error_code: null,
                },
                {
                  started_at: "2026-11-19T08:10:00.000Z",
                  finished_at: "2026-11-19T08:20:00.000Z",
                  outcome: "failed",
                  kind: "full",
                  rows: 9410,
                  calls: 190,
                  error_code: "unreachable",
                },
              ],
      };
    },
    vault_move: async ({ to }) => ({
      in_keychain: to.kind === "keychain",
      keychain: to.kind === "keychain" ? "Secret Service store" : null,
      old_place_empty: true,
    }),
    vault_seal: async () => ({
      in_keychain: true,
      keychain: "Secret Service store",
      old_place_empty: true,
    }),
    snapshot_save: async ({ to, name, portal }) => ({
      snapshot: { ...SNAPSHOT, portal, name: name ?? SNAPSHOT.name },
      path: to ?? "/home/ada/acme.plumbline",
      bytes: 48_000_000,
    }),
    snapshots: async () => ({
      saved: [{ snapshot: SNAPSHOT, path: "/home/ada/acme.plumbline", bytes: 48_000_000 }],
      open: frozen
        ? [{ snapshot: SNAPSHOT, time_zone: "Europe/Berlin", home_currency: "EUR" }]
        : [],
    }),
    snapshot_open: async () => {
      frozen = true;
      return SNAPSHOT;
    },
    snapshot_close: async () => {
      frozen = false;
      return true;
    },
    snapshot_delete: async () => true,
    waterfall: async ({ portal }) => ({ portal, report: sampleWaterfall() }),
    icp: async ({ portal, horizon_days }) => checkedIcp(portal, horizon_days ?? 90, icps[0]),
    icp_declared: async () => icps,
    icp_declare: async ({ declared, name, seen_until }) => {
      icps = [
        {
          version: icps.length + 1,
          declared_at: "2026-11-21T08:00:00.000Z",
          seen_until: seen_until === null ? null : `${seen_until}T22:59:59.999Z`,
          name,
          declared,
        },
        ...icps,
      ];
      return icps;
    },
    activity: async ({ portal }) => ({
      portal,
      pipelines: [{ id: "default", label: "Sales" }],
      report: sampleActivity(),
    }),
    scoring: async ({ portal, of }) => ({
      ...sampleScoring(portal === DEMO.id ? "published" : "refused", of),
      portal,
    }),
    score_train: async ({ of }) => ({
      model: sampleModel(4, of),
      takes_over: true,
      why: "It is the first.",
      scored: 6,
    }),
    score_models: async () => scoreModels,
    score_card: async ({ version }) => sampleModel(version ?? 4),
    score_use: async ({ version }) => {
      const before = scoreModels.find(({ in_use }) => in_use !== null)?.version ?? null;
      scoreModels = scoreModels.map((model) => ({
        ...model,
        in_use: model.version === version ? "Chosen by hand." : null,
      }));
      return { before, scored: 6, models: scoreModels };
    },
    score_properties: async () => scoreProperties,
    score_properties_set: async ({ properties }) => {
      const all = [...scoreProperties.chosen, ...scoreProperties.offered];
      scoreProperties = {
        ...scoreProperties,
        chosen: all.filter(({ name }) => properties.includes(name)),
        offered: all.filter(({ name }) => !properties.includes(name)),
      };
      return scoreProperties;
    },
    score_explain: async ({ scoring, record }) => ({
      ...sampleExplanation(record, scoring.of),
      portal: scoring.portal,
    }),
    forecast: async ({ portal, pipeline }) => {
      const report = sampleReport();
      return {
        portal,
        pipelines: [
          { id: "default", label: "Sales" },
          { id: "renewals", label: "Renewals" },
        ],
        teams: [
          { id: "1", name: "Mid-market", owners: 3 },
          { id: "2", name: "Enterprise", owners: 2 },
        ],
        owners: [
          { id: "0", name: "Ada Brandt" },
          { id: "1", name: "Jonas Weil" },
          { id: "2", name: "Mai Nguyen" },
        ],
        fiscal_year: fiscalYear.first_month,
        seed: "7",
        report: {
          ...report,
          pipeline: pipeline === null ? null : { id: pipeline, label: "Sales" },
        },
      };
    },
    competitors: async ({ portal }) => {
      const sample = sampleCompetitors();
      return { ...sample, portal, list: { ...sample.list, own_names: ownNames } };
    },
    competitor_list: async ({ portal }) => ({
      ...sampleCompetitorList(),
      portal,
      own_names: ownNames,
    }),
    competitor_change: async ({ portal, changes }) => {
      for (const change of changes) {
        if (change.change !== "own") continue;
        ownNames = ownNames.filter((name) => name !== change.name);
        if (!change.remove) ownNames = [...ownNames, change.name];
      }
      return { ...sampleCompetitorList(), portal, own_names: ownNames };
    },
    competitor_texts: async ({ portal, on }) => ({
      ...sampleCompetitorList(),
      portal,
      texts_since: on ? new Date().toISOString() : null,
    }),
    what_if: async ({ changes }) => sampleWhatIf(changes),
    fiscal_year: async () => fiscalYear,
    fiscal_year_set: async ({ first_month }) => {
      fiscalYear = { first_month };
      return fiscalYear;
    },
    quota_set: async () => SAMPLE_QUOTAS,
    quotas: async () => SAMPLE_QUOTAS,
    deal_story: async ({ deal }) => ({
      deal,
      name: sampleReport().deals.find((row) => row.id === deal)?.name ?? "Won deal",
      owner: "Ada Brandt",
      versions: [
        {
          at: "2026-07-02T09:00:00.000Z",
          property: "Deal stage",
          value: "Appointment scheduled",
          source: "CRM_UI",
        },
        { at: "2026-07-02T09:00:00.000Z", property: "Amount", value: "40000", source: "CRM_UI" },
        {
          at: "2026-08-12T14:20:00.000Z",
          property: "Deal stage",
          value: "Qualified to buy",
          source: "AUTOMATION_PLATFORM",
        },
        {
          at: "2026-09-30T08:05:00.000Z",
          property: "Close date",
          value: "2026-12-15",
          source: "CRM_UI",
        },
        { at: "2026-10-11T11:45:00.000Z", property: "Amount", value: null, source: "IMPORT" },
      ],
      activities: [
        ["calls", 4],
        ["emails", 12],
        ["meetings", 3],
      ],
    }),
    plan_writeback: async () => put(planView(plans.length + 1, "planned")),
    plans: async () => plans.map((plan) => plan.summary),
    plan: async ({ plan }) => find(plan),
    approve_plan: async ({ plan }) =>
      put({
        ...find(plan),
        summary: {
          ...find(plan).summary,
          state: "approved",
          approved_at: new Date().toISOString(),
        },
      }),
    discard_plan: async ({ plan }) =>
      put({ ...find(plan), summary: { ...find(plan).summary, state: "discarded" } }).summary,
    apply_plan: async ({ job, portal, plan }) => {
      await work(job, portal, "writing", 2);
      return put(planView(plan, "applied"));
    },
    plan_undo: async ({ plan }) => {
      const undo = planView(plans.length + 1, "planned");
      return put({
        ...undo,
        summary: { ...undo.summary, undoes: plan, purpose: `Take plan ${plan} back` },
      });
    },
    open_record: async () => true,
    ...overrides,
  };

  return {
    async call(name, args) {
      await wait(delay);
      const refusal = refuse[name];
      if (refusal !== undefined) throw new CallError(refusal);
      return handlers[name](args);
    },
    async onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const DISCONNECTED: WireError = {
  code: "disconnected",
  message: "HubSpot refused the token (revoked on 12 Nov). Your copy up to then is intact.",
  hint: "Reconnect Acme GmbH.",
  retryable: false,
};

const ANOTHER_PORTAL: WireError = {
  code: "refused",
  message: "Another portal answered than the one to be connected again. Nothing was changed.",
  hint: "Choose the right account on HubSpot's page, or a token of this portal.",
  retryable: false,
};

function fromAddress(): MockOptions {
  const state = new URLSearchParams(window.location.search).get("mock");
  switch (state) {
    case "new":
      return { vault: "new_passphrase", portals: [] };
    case "locked":
      return { vault: "needs_passphrase" };
    case "empty":
      return { portals: [] };
    case "broken":
      return { portals: [ACME, GLOBEX] };
    case "elsewhere":
      return { portals: [ACME, GLOBEX], refuse: { reconnect: ANOTHER_PORTAL } };
    case "unsynced":
      return { portals: [{ ...DEMO, synced_at: null }] };
    case "refused":
      return { refuse: { forecast: DISCONNECTED, plans: DISCONNECTED, sync_status: DISCONNECTED } };
    case "slow":
      return { delay: 60_000, overrides: {} };
    default:
      return {};
  }
}
