//! `plumbline quota`.

use app::views::{QuotaEntry, QuotaListArgs, QuotaSetArgs};

use crate::args::QuotaVerb;
use crate::failure::Failure;
use crate::output::{self, Lean};
use crate::session::Session;
use crate::verbs::forecast::{money, period};
use crate::verbs::snapshot;

pub(crate) async fn run(session: &Session, verb: QuotaVerb) -> Result<(), Failure> {
    let entries = match verb {
        QuotaVerb::Set {
            portal,
            amount,
            period: chosen,
            pipeline,
            whose,
        } => {
            let asked = QuotaSetArgs {
                portal: portal.portal,
                period: period(chosen),
                pipeline,
                team: whose.team,
                owner: whose.owner,
                amount: amount.0,
            };
            session.open().await?.quota_set(asked).await?
        }
        QuotaVerb::List { portal, as_of } => {
            let (app, copy) = snapshot::copy(session, &portal.copy).await?;
            app.quotas(QuotaListArgs {
                portal: copy,
                as_of,
            })
            .await?
        }
    };
    if session.json {
        return output::json(&entries);
    }
    print(&entries)
}

fn print(entries: &[QuotaEntry]) -> Result<(), Failure> {
    if entries.is_empty() {
        return output::line("No quota was entered. Try: plumbline quota set --help");
    }
    let rows: Vec<Vec<String>> = entries.iter().map(row).collect();
    let columns = [
        ("Period", Lean::Left),
        ("Pipeline", Lean::Left),
        ("Whose", Lean::Left),
        ("Quota", Lean::Right),
        ("Entered", Lean::Left),
        ("", Lean::Left),
    ];
    output::table(&columns, &rows)
}

fn row(entry: &QuotaEntry) -> Vec<String> {
    let whose = match (&entry.team, &entry.owner) {
        (Some(team), _) => format!("team {team}"),
        (None, Some(owner)) => format!("owner {owner}"),
        (None, None) => "all".to_owned(),
    };
    let amount = entry.amount.as_ref();
    vec![
        entry.label.clone(),
        entry
            .pipeline
            .as_ref()
            .map_or_else(|| "all".to_owned(), ToString::to_string),
        whose,
        amount.map_or_else(|| "taken back".to_owned(), money),
        output::moment(entry.set_at),
        if entry.current { "holds" } else { "replaced" }.to_owned(),
    ]
}
