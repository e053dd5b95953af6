//! `plumbline portals`, `status` and `forget`.

use app::views::{Connection, CopyArgs, NoArgs, PortalArgs};
use crm::PortalId;

use crate::args::CopyPlace;
use crate::failure::Failure;
use crate::output::{self, Lean};
use crate::session::Session;
use crate::verbs::{snapshot, sync};

pub(crate) async fn list(session: &Session) -> Result<(), Failure> {
    let portals = session.open().await?.portals(NoArgs {}).await?;
    if session.json {
        return output::json(&portals);
    }
    if portals.is_empty() {
        return output::line(
            "No portal is connected. Try: plumbline demo, or plumbline connect --help",
        );
    }
    let rows: Vec<Vec<String>> = portals
        .into_iter()
        .map(|portal| {
            let connection = match portal.connection {
                Connection::Connected => "connected".to_owned(),
                Connection::TokenRefused { since } => {
                    format!("token refused on {}", output::moment(since))
                }
                Connection::Damaged { .. } => "damaged: forget and connect again".to_owned(),
                Connection::Disconnected { since, .. } => {
                    format!("disconnected since {}", output::moment(since))
                }
            };
            let synced = portal
                .synced_at
                .map_or_else(|| "never".to_owned(), output::moment);
            vec![portal.id.to_string(), portal.name, connection, synced]
        })
        .collect();
    let columns = [
        ("Portal", Lean::Right),
        ("Name", Lean::Left),
        ("State", Lean::Left),
        ("Synced", Lean::Left),
    ];
    output::table(&columns, &rows)
}

pub(crate) async fn status(session: &Session, place: &CopyPlace) -> Result<(), Failure> {
    let (app, copy) = snapshot::copy(session, place).await?;
    let status = app.sync_status(CopyArgs { portal: copy }).await?;
    if session.json {
        return output::json(&status);
    }
    snapshot::say(status.snapshot.as_ref())?;
    match status.synced_at {
        Some(at) => output::line(format!(
            "The copy is complete as of {}.",
            output::moment(at)
        ))?,
        None => {
            output::line("This portal has not been read completely yet.")?;
            output::line(format!("Next: plumbline sync {copy}"))?;
        }
    }
    match status.runs.first().and_then(sync::latest_in_a_sentence) {
        Some(sentence) => output::line(sentence)?,
        None if status.running => output::line("Another Plumbline is comparing this copy.")?,
        None => {}
    }
    if let Some(found) = &status.reconciliation {
        output::line(super::verify::in_a_sentence(found))?;
    }
    if status.streams.is_empty() {
        return Ok(());
    }
    sync::print_streams(&status.streams)
}

pub(crate) async fn forget(session: &Session, portal: PortalId) -> Result<(), Failure> {
    let app = session.open().await?;
    let mut receipt = app.forget(PortalArgs { portal }).await?;
    if let Some(log) = &session.log {
        receipt.log_lines_removed += app.forget_in_log(portal, log.clone()).await?;
    }
    if session.json {
        return output::json(&receipt);
    }
    output::line(format!(
        "Portal {} is gone from this machine.",
        receipt.portal
    ))?;
    output::line(format!("Removed: {}", receipt.files_removed.join(", ")))?;
    if receipt.log_lines_removed > 0 {
        let lines = receipt.log_lines_removed;
        output::line(format!("Taken out of the logs: {lines} lines"))?;
    }
    for path in &receipt.snapshots_left {
        output::line(format!("Saved elsewhere, and yours to delete: {path}"))?;
    }
    output::line(match receipt.token_revoked {
        Some(true) => "HubSpot confirmed that the token is void.",
        Some(false) => {
            "HubSpot could not be reached to void the token: uninstall the app in HubSpot's settings."
        }
        None => "The token itself is deleted in HubSpot's settings.",
    })
}
