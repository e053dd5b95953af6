//! What may be typed.

pub(crate) mod competitors;
mod icp;
mod scope;
pub(crate) mod score;
mod scoring;

use std::path::PathBuf;

use self::competitors::{CompetitorsArguments, CompetitorsVerb};
use clap::{Args, Parser, Subcommand, ValueEnum};
use crm::{Moment, PipelineId, PortalId};

use scope::amount;
pub(crate) use scope::{PeriodArguments, PeriodName, QuotaVerb, WhoseArguments};

pub(crate) use icp::{IcpArguments, IcpVerb};
pub(crate) use scoring::{ScoreScope, ScoredArgument, ScoringArguments};

/// Where help lists the options that every verb takes.
const COMMON: &str = "Common options";

const AFTER_HELP: &str = "\
Start here:
  plumbline demo                       everything at once, on a made-up portal
  plumbline connect --help             your own portal

Environment:
  PLUMBLINE_PASSPHRASE   opens the data where no keychain answers
  PLUMBLINE_SNAPSHOT_PASSPHRASE   opens snapshots, and seals new ones
  PLUMBLINE_LOG          as --log

Exit status: 0 done, 1 a defect, 2 bad usage, 3 unknown portal, 4 locked, 5 disconnected,
6 missing scope, 7 unreachable, 8 rate limit, 9 refused, 10 no consent in time, 11 in use,
12 disk full, 13 newer data, 14 damaged, 15 definition in the way, 16 plan in the wrong state,
17 unexplained differences, 18 token refused, 19 not enough evidence for a score, 130 interrupted.";

/// Plumbline reads HubSpot portals into encrypted copies on this machine, forecasts from what was
/// known when, and writes back only what was approved.
#[derive(Debug, Parser)]
#[command(name = "plumbline", version, after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// Where everything is kept [default: the user's data folder]
    #[arg(long, global = true, value_name = "DIR", help_heading = COMMON)]
    pub(crate) data_dir: Option<PathBuf>,

    /// Print the result, or the error, as JSON
    #[arg(long, global = true, help_heading = COMMON)]
    pub(crate) json: bool,

    /// Append what happens to a file: ids and counts, never names or secrets
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "PLUMBLINE_LOG",
        hide_env_values = true,
        help_heading = COMMON
    )]
    pub(crate) log: Option<PathBuf>,

    /// Whether the demo keeps to HubSpot's rate limits, and we to those of a simulator. HubSpot
    /// itself is never called faster than it allows.
    #[arg(
        long,
        global = true,
        hide = true,
        value_enum,
        env = "PLUMBLINE_SIM_LIMITS",
        default_value_t = LimitsSwitch::On
    )]
    pub(crate) sim_limits: LimitsSwitch,

    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Start the demo portal, connect it over OAuth, sync it and print its reports
    Demo,
    /// Run a HubSpot on this machine
    #[command(subcommand)]
    Sim(SimVerb),
    /// Connect a portal, by a token or by OAuth through your own HubSpot app
    Connect(ConnectArguments),
    /// Tell where the key to everything is kept, or keep it elsewhere
    #[command(subcommand)]
    Vault(VaultVerb),
    /// List the portals on this machine
    Portals,
    /// Tell how fresh a portal's copy is
    Status(CopyArgument),
    /// Freeze a portal into one encrypted file, and read such files
    #[command(subcommand)]
    Snapshot(SnapshotVerb),
    /// Remove everything that is known of a portal from this machine
    Forget(PortalArgument),
    /// Read a portal into its copy: at first all of it, then what changed; goes on where an earlier
    /// run stopped
    Sync(SyncArguments),
    /// Compare a copy with HubSpot's own counts, month by month; explain each difference and read
    /// what was missed
    Verify(PortalArgument),
    /// Print a report
    #[command(subcommand)]
    Report(ReportVerb),
    /// List competitors and how they are written, for their report
    #[command(subcommand)]
    Competitors(CompetitorsVerb),
    /// Declare which customers you believe to be the best
    #[command(subcommand)]
    Icp(IcpVerb),
    /// Enter what a period is to bring, and list what was entered
    #[command(subcommand)]
    Quota(QuotaVerb),
    /// Say in which month the fiscal year begins, or show it: quarters follow it
    FiscalYear {
        #[command(flatten)]
        portal: PortalArgument,
        /// 1 for January to 12 for December [default: show what is set]
        #[arg(value_name = "MONTH", value_parser = clap::value_parser!(i8).range(1..=12))]
        first_month: Option<i8>,
    },
    /// Learn scores of open deals, of contacts, or from a file; show their cards, explain one
    #[command(subcommand)]
    Score(score::ScoreVerb),
    /// Plan, approve and apply changes to HubSpot
    #[command(subcommand)]
    Writeback(WritebackVerb),
    /// Ask the copy a question in SQL, read-only
    Sql {
        #[command(flatten)]
        portal: CopyArgument,
        /// One SELECT statement
        query: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct PortalArgument {
    /// The portal's id, as `plumbline portals` lists it
    #[arg(value_name = "PORTAL", value_parser = portal)]
    pub(crate) portal: PortalId,
}

#[derive(Debug, Args)]
pub(crate) struct SyncArguments {
    #[command(flatten)]
    pub(crate) portal: PortalArgument,
    /// Read everything again, also where only what changed is due
    #[arg(long)]
    pub(crate) full: bool,
    /// Compare every id with HubSpot's, also where the counts agree
    #[arg(long)]
    pub(crate) reconcile: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CopyArgument {
    /// The portal's id, or the file of a snapshot
    #[arg(value_name = "PORTAL", value_parser = copy)]
    pub(crate) copy: CopyPlace,
}

/// What a report is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CopyPlace {
    /// A portal's own copy.
    Portal(PortalId),
    /// A snapshot in a file.
    File(PathBuf),
}

#[derive(Debug, Subcommand)]
pub(crate) enum VaultVerb {
    /// Tell where the key is kept
    Status,
    /// Keep it in the system's keychain, or under a passphrase (asked for, or in
    /// PLUMBLINE_NEW_PASSPHRASE)
    Move {
        /// Where
        #[arg(value_enum)]
        to: VaultTo,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum VaultTo {
    /// The system's keychain
    Keychain,
    /// Under a passphrase, in the data folder
    Passphrase,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SnapshotVerb {
    /// Freeze a portal as it is now, without its tokens, under a passphrase of its own
    Save {
        #[command(flatten)]
        portal: PortalArgument,
        /// The file to make [default: a new one in the data folder]
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
        /// What to call it [default: the portal's name]
        #[arg(long)]
        name: Option<String>,
    },
    /// List the snapshots that were saved from here
    List,
    /// Check a snapshot's file and tell what it is of
    Open {
        /// The snapshot
        file: PathBuf,
    },
    /// Delete a snapshot's file
    Delete {
        /// The snapshot
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum SimVerb {
    /// Serve a world; the first line of output is its address as JSON. Ends with standard input
    /// or at an interrupt
    Serve(ServeArguments),
}

#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    /// Which world
    #[arg(long, value_enum, default_value_t = World::Demo)]
    pub(crate) world: World,
    /// The seed from which the world grows
    #[arg(long, value_name = "N", default_value_t = 7)]
    pub(crate) seed: u64,
    /// The port; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
    /// How many deals the world has [default: 2500; 20000 in a bulk world]
    #[arg(long, value_name = "N")]
    pub(crate) deals: Option<usize>,
    /// How many contacts a bulk world has
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    pub(crate) contacts: usize,
    /// How many activities a bulk world has
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) activities: usize,
    /// Where the CSV files of the maven world are
    #[arg(long, value_name = "DIR", required_if_eq("world", "maven"))]
    pub(crate) csv: Option<PathBuf>,
    /// Whether HubSpot's rate limits are enforced
    #[arg(long, value_enum, default_value_t = LimitsSwitch::On)]
    pub(crate) limits: LimitsSwitch,
    /// What the simulated account has paid for: its limits and its object types
    #[arg(long, value_enum, default_value_t = Plan::Enterprise)]
    pub(crate) plan: Plan,
    /// What is done with a PKCE challenge
    #[arg(long, value_enum, default_value_t = Pkce::Enforced)]
    pub(crate) pkce: Pkce,
    /// Give a new refresh token with every refresh, and end the old one
    #[arg(long)]
    pub(crate) rotate: bool,
    /// The world's present at the start, such as 2026-08-03T12:00:00Z [default: this machine's; for
    /// the maven world the end of 2017, when its files end]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub(crate) now: Option<Moment>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum World {
    /// A made-up company with known effects
    Demo,
    /// The same shape without any effect
    Null,
    /// The public Maven sales data
    Maven,
    /// As many records as a bench wants
    Bulk,
}

/// A subscription of the simulated account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Plan {
    /// Nothing paid
    Free,
    /// No leads, no custom objects
    Starter,
    /// No custom objects
    Professional,
    /// Everything
    Enterprise,
}

/// What the simulator does with a PKCE challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Pkce {
    /// A code that was asked for with a challenge needs the verifier
    Enforced,
    /// Nobody looks at it
    Ignored,
    /// A challenge leads to an error page
    Rejected,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LimitsSwitch {
    /// As HubSpot does
    On,
    /// Not at all
    Off,
}

impl From<LimitsSwitch> for hubspot_sim::Limits {
    fn from(switch: LimitsSwitch) -> Self {
        match switch {
            LimitsSwitch::On => Self::Real,
            LimitsSwitch::Off => Self::Off,
        }
    }
}

/// What must be set in HubSpot before a connection can be made.
fn before_connecting() -> String {
    let redirects = hubspot::oauth::REDIRECT_PORTS.map(hubspot::oauth::redirect_uri);
    let scopes = app::scopes();
    format!(
        "By a token:
  plumbline connect --token-stdin < token.txt
  A service key or a private app's token, with the scopes below.

By OAuth, through an app of your own in HubSpot:
  plumbline connect --client-id ID --client-secret-stdin < secret.txt
  Redirect URLs: {}
  Required scopes: {}
  Optional scopes: {}
  The first consent is for reading alone.

Again, with the app's own secret or a new token, and for writing:
  plumbline connect --again PORTAL
  plumbline connect --again PORTAL --for writeback
  plumbline connect --again PORTAL --token-stdin < token.txt",
        redirects.join(", "),
        scopes.required.join(", "),
        scopes.optional.join(", ")
    )
}

#[derive(Debug, Args)]
#[command(after_help = before_connecting())]
pub(crate) struct ConnectArguments {
    /// Read a private-app token or service key from standard input
    #[arg(long, conflicts_with_all = ["client_id", "client_secret_stdin"])]
    pub(crate) token_stdin: bool,
    /// The client id of your own HubSpot app
    #[arg(
        long,
        value_name = "ID",
        requires = "client_secret_stdin",
        required_unless_present_any = ["token_stdin", "again"]
    )]
    pub(crate) client_id: Option<String>,
    /// Read the app's client secret from standard input
    #[arg(long, requires = "client_id")]
    pub(crate) client_secret_stdin: bool,
    /// Connect this portal of this machine again: its token is replaced, its copy stays
    #[arg(long, value_name = "PORTAL", group = "place", conflicts_with_all = ["api_base", "name"])]
    pub(crate) again: Option<PortalId>,
    /// What else to ask consent for; a portal is connected for reading first
    #[arg(
        long = "for",
        value_name = "WHAT",
        requires = "again",
        conflicts_with = "token_stdin"
    )]
    pub(crate) consent_for: Option<ConsentFor>,
    /// The simulator's address; only addresses of this machine are accepted
    #[arg(long, value_name = "URL", group = "place")]
    pub(crate) api_base: Option<String>,
    /// The name to give the portal here
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Follow the simulator's consent page without a browser
    #[arg(long, requires = "place", conflicts_with = "token_stdin")]
    pub(crate) follow_consent: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ConsentFor {
    /// Writing approved changes to deals
    Writeback,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ReportVerb {
    /// How a period will end: closed so far, open deals by what became of earlier ones
    Forecast(ForecastArguments),
    /// What moved the open pipeline between two days, line by line, with the deals behind each
    Waterfall(WaterfallArguments),
    /// Who else is in the deals, and what became of them
    Competitors(CompetitorsArguments),
    /// Which customers get deals, win them and bring most, and what the newest quarters say about
    /// those that you believe to be the best
    Icp(IcpArguments),
    /// Which activities go with winning, from the raw difference to matched pairs, and what stalled
    /// deals lack
    Activity(ActivityArguments),
    /// How likely open deals are won, or contacts convert, with the strongest reasons of each; or why there is no score yet
    Scoring(ScoringArguments),
}

#[derive(Debug, Args)]
pub(crate) struct ForecastArguments {
    #[command(flatten)]
    pub(crate) portal: CopyArgument,
    /// As seen at the end of this day, such as 2026-08-03 [default: now]
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// One pipeline's id [default: all]
    #[arg(long, value_name = "ID", value_parser = pipeline)]
    pub(crate) pipeline: Option<PipelineId>,
    #[command(flatten)]
    pub(crate) whose: WhoseArguments,
    #[command(flatten)]
    pub(crate) period: PeriodArguments,
    /// Hold the forecast against this amount in the portal's currency, in place of what was entered
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    pub(crate) quota: Option<String>,
    /// How many open deals to print, largest contribution first
    #[arg(long, value_name = "N", default_value_t = 15)]
    pub(crate) deals: usize,
}

#[derive(Debug, Args)]
pub(crate) struct ActivityArguments {
    #[command(flatten)]
    pub(crate) portal: CopyArgument,
    /// As seen at the end of this day, such as 2026-08-03 [default: now]
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// One pipeline's id [default: all]
    #[arg(long, value_name = "ID", value_parser = pipeline)]
    pub(crate) pipeline: Option<PipelineId>,
    /// How many stalled deals to print, those stalled longest first
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) deals: usize,
}

#[derive(Debug, Args)]
pub(crate) struct WaterfallArguments {
    #[command(flatten)]
    pub(crate) portal: CopyArgument,
    /// First day; the start is the moment before it
    #[arg(long, value_name = "DATE")]
    pub(crate) from: String,
    /// Last day; the end is its last moment, or as far as the copy is complete
    #[arg(long, value_name = "DATE")]
    pub(crate) to: String,
    /// One pipeline's id [default: all]
    #[arg(long, value_name = "ID", value_parser = pipeline)]
    pub(crate) pipeline: Option<PipelineId>,
    #[command(flatten)]
    pub(crate) whose: WhoseArguments,
    /// Only deals that close from this day on [default: whenever]
    #[arg(long, value_name = "DATE", requires = "closing_to")]
    pub(crate) closing_from: Option<String>,
    /// Only deals that close up to this day
    #[arg(long, value_name = "DATE", requires = "closing_from")]
    pub(crate) closing_to: Option<String>,
    /// How many deals to print of each line, the largest first
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) deals: usize,
}

#[derive(Debug, Subcommand)]
pub(crate) enum WritebackVerb {
    /// Compute which win probabilities would change; nothing is written to HubSpot
    Plan {
        #[command(flatten)]
        portal: PortalArgument,
        /// One pipeline's id [default: all]
        #[arg(long, value_name = "ID", value_parser = pipeline)]
        pipeline: Option<PipelineId>,
    },
    /// Print a plan with every change
    Show(PlanArguments),
    /// Sign a plan
    Approve(PlanArguments),
    /// Put a plan aside
    Discard(PlanArguments),
    /// Send an approved plan; goes on where an earlier run stopped
    Apply(PlanArguments),
    /// Compute the plan that takes an applied one back
    Undo(PlanArguments),
    /// List the plans, newest first
    History(PortalArgument),
}

#[derive(Debug, Args)]
pub(crate) struct PlanArguments {
    #[command(flatten)]
    pub(crate) portal: PortalArgument,
    /// The plan's number
    pub(crate) plan: u64,
}

fn moment(text: &str) -> Result<Moment, String> {
    text.parse()
        .map_err(|_| "write it as 2026-08-03T12:00:00Z".to_owned())
}

fn portal(text: &str) -> Result<PortalId, String> {
    match copy(text) {
        Ok(CopyPlace::Portal(id)) => Ok(id),
        Ok(CopyPlace::File(_)) => Err(
            "this is a snapshot, which is frozen: it is for report, status and sql alone"
                .to_owned(),
        ),
        Err(reason) => Err(reason),
    }
}

/// A number is a portal's id; what is a file is one whatever its name.
fn copy(text: &str) -> Result<CopyPlace, String> {
    match text.parse() {
        Ok(id) => Ok(CopyPlace::Portal(id)),
        Err(_) if std::path::Path::new(text).is_file() => Ok(CopyPlace::File(text.into())),
        Err(_) => Err("neither a portal's id nor the file of a snapshot".to_owned()),
    }
}

fn pipeline(text: &str) -> Result<PipelineId, String> {
    if text.is_empty() {
        Err("a pipeline's id is not empty".to_owned())
    } else {
        Ok(PipelineId::new(text))
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_definition_holds_together() {
        super::Arguments::command().debug_assert();
    }
}
