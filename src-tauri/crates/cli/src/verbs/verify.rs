//! `plumbline verify`.

use app::views::{ExplainedCounts, OutOfSightView, ReconciledObject, ReconciliationView, SyncArgs};
use crm::PortalId;

use crate::failure::Failure;
use crate::output::{self, Lean, ProgressLine};
use crate::session::{Session, interruptible};

pub(crate) async fn run(session: &Session, portal: PortalId) -> Result<(), Failure> {
    let app = session.open().await?;
    let asked = SyncArgs {
        job: Session::job(),
        portal,
        full: false,
        reconcile: false,
    };
    let found = {
        let _progress = ProgressLine::follow(&app);
        interruptible(&app, app.verify(asked)).await?
    };
    if session.json {
        output::json(&found)?;
    } else {
        print(&found)?;
    }
    match found.unexplained {
        0 => Ok(()),
        count => Err(Failure::unexplained(count)),
    }
}

fn print(found: &ReconciliationView) -> Result<(), Failure> {
    let columns = [
        ("Object", Lean::Left),
        ("Month", Lean::Left),
        ("HubSpot", Lean::Right),
        ("Here", Lean::Right),
        ("Archived", Lean::Right),
        ("Merged", Lean::Right),
        ("Purged", Lean::Right),
        ("No access", Lean::Right),
        ("Newer", Lean::Right),
        ("Repaired", Lean::Right),
        ("Unexplained", Lean::Right),
    ];
    let rows: Vec<Vec<String>> = found.objects.iter().flat_map(rows).collect();
    output::table(&columns, &rows)?;
    for object in &found.objects {
        if let Some(why) = &object.unavailable {
            output::line(format!("HubSpot does not count {}: {why}.", object.object))?;
        }
    }
    for object in &found.objects {
        if let Some(unseen) = &object.out_of_sight {
            output::line(no_access(&object.object, unseen))?;
        }
    }
    for sample in &found.samples {
        let what = match &sample.to {
            Some(to) => format!("Associations of {} to {to}", sample.object),
            None => format!("Histories of {}", sample.object),
        };
        output::line(format!(
            "{what}: {} records read again, {} rows missing, {} too many, {} set right.",
            sample.compared, sample.missing, sample.surplus, sample.repaired
        ))?;
    }
    output::line(in_a_sentence(found))
}

/// A row for the whole type, and one for each month with a difference: the others would say nothing.
fn rows(object: &ReconciledObject) -> Vec<Vec<String>> {
    let theirs = object
        .theirs
        .map_or_else(|| "?".to_owned(), |count| count.to_string());
    let all = row(
        [object.object.clone(), "all".to_owned(), theirs],
        object.ours,
        &object.explained,
        object.unexplained,
    );
    let months = object
        .months
        .iter()
        .filter(|month| month.theirs != month.ours || month.unexplained > 0);
    let months = months.map(|month| {
        let name = month.month.clone();
        let head = [
            object.object.clone(),
            name.unwrap_or_else(|| "no date".to_owned()),
            month.theirs.to_string(),
        ];
        row(head, month.ours, &month.explained, month.unexplained)
    });
    std::iter::once(all).chain(months).collect()
}

fn row(head: [String; 3], ours: u64, why: &ExplainedCounts, unexplained: u64) -> Vec<String> {
    let counts = [
        ours,
        why.archived,
        why.merged,
        why.purged,
        why.no_access,
        why.newer,
        why.repaired,
        unexplained,
    ];
    let counts = counts.iter().map(u64::to_string);
    head.into_iter().chain(counts).collect()
}

/// What becomes of the records that HubSpot shows no more.
fn no_access(object: &str, unseen: &OutOfSightView) -> String {
    let (count, since) = (unseen.records, output::moment(unseen.since));
    let then = match unseen.purged_from {
        Some(at) => format!(
            "purged by the first comparison from {} on, unless they are seen again",
            output::moment(at)
        ),
        None => "kept, as the token has lost scopes since".to_owned(),
    };
    format!("{object}: no access to {count} since {since}; {then}.")
}

/// How the copy compares, in one line.
pub(crate) fn in_a_sentence(found: &ReconciliationView) -> String {
    let at = output::moment(found.checked_at);
    if let Some(why) = &found.not_checked {
        return format!("Not compared with HubSpot's counts at {at}: {why}.");
    }
    let theirs: u64 = found
        .objects
        .iter()
        .filter_map(|object| object.theirs)
        .sum();
    let counted = found
        .objects
        .iter()
        .filter(|object| object.theirs.is_some());
    let ours: u64 = counted.map(|object| object.ours).sum();
    let verdict = match found.unexplained {
        0 if theirs == ours => "nothing is missing".to_owned(),
        0 => "every difference is explained".to_owned(),
        count => format!("{count} differences are UNEXPLAINED"),
    };
    format!("Compared with HubSpot's counts at {at}: {theirs} there, {ours} here; {verdict}.")
}
