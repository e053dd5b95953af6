//! `plumbline snapshot`: a portal frozen into a file, and what such a file is of.

use std::path::{Path, PathBuf};

use app::App;
use app::views::{
    CopyId, NoArgs, SnapshotDeleteArgs, SnapshotMark, SnapshotOpenArgs, SnapshotSaveArgs,
};
use crm::PortalId;
use secrecy::SecretString;

use crate::args::{CopyPlace, SnapshotVerb};
use crate::failure::Failure;
use crate::output::{self, Lean, ProgressLine};
use crate::session::{Session, asked_for, interruptible};

/// Names a snapshot's passphrase where nobody can be asked.
const PASSPHRASE: &str = "PLUMBLINE_SNAPSHOT_PASSPHRASE";

pub(crate) async fn run(session: &Session, verb: SnapshotVerb) -> Result<(), Failure> {
    match verb {
        SnapshotVerb::Save { portal, to, name } => save(session, portal.portal, to, name).await,
        SnapshotVerb::List => list(session).await,
        SnapshotVerb::Open { file } => open(session, &file).await,
        SnapshotVerb::Delete { file } => delete(session, &file).await,
    }
}

async fn save(
    session: &Session,
    portal: PortalId,
    to: Option<PathBuf>,
    name: Option<String>,
) -> Result<(), Failure> {
    let app = session.open().await?;
    let to = to.as_deref().map(whole).transpose()?;
    let passphrase = new_passphrase()?;
    let saving = app.snapshot_save(SnapshotSaveArgs {
        job: Session::job(),
        portal,
        to,
        name,
        passphrase,
    });
    let progress = ProgressLine::follow(&app);
    let saved = interruptible(&app, saving).await?;
    drop(progress);
    if session.json {
        return output::json(&saved);
    }
    output::line(in_a_sentence(&saved.snapshot))?;
    output::line(format!("Saved to {}", saved.path))
}

async fn list(session: &Session) -> Result<(), Failure> {
    let list = session.open().await?.snapshots(NoArgs {}).await?;
    if session.json {
        return output::json(&list);
    }
    if list.saved.is_empty() {
        return output::line(
            "No snapshot was saved from here. Try: plumbline snapshot save PORTAL --to FILE",
        );
    }
    let rows: Vec<Vec<String>> = list
        .saved
        .into_iter()
        .map(|saved| {
            let bytes = saved.bytes;
            vec![
                saved.snapshot.portal.to_string(),
                saved.snapshot.name,
                output::moment(saved.snapshot.taken_at),
                bytes.map_or_else(|| "not there".to_owned(), |bytes| bytes.to_string()),
                saved.path,
            ]
        })
        .collect();
    let columns = [
        ("Portal", Lean::Right),
        ("Name", Lean::Left),
        ("Frozen", Lean::Left),
        ("Bytes", Lean::Right),
        ("File", Lean::Left),
    ];
    output::table(&columns, &rows)
}

async fn open(session: &Session, file: &Path) -> Result<(), Failure> {
    let app = session.open_without_asking().await?;
    let mark = open_file(&app, file).await?;
    if session.json {
        return output::json(&mark);
    }
    output::line(in_a_sentence(&mark))?;
    output::line(
        "Every byte was checked. The file takes a portal's place in report, status and sql:",
    )?;
    output::line(format!(
        "Next: plumbline report forecast {}",
        file.display()
    ))
}

async fn delete(session: &Session, file: &Path) -> Result<(), Failure> {
    let path = whole(file)?;
    let app = session.open().await?;
    app.snapshot_delete(SnapshotDeleteArgs { path }).await?;
    if session.json {
        return output::json(&true);
    }
    output::line("The snapshot is deleted. The portal itself was not touched.")
}

/// The app with the copy that was named: a portal's own, or a snapshot that is opened for it.
pub(crate) async fn copy(session: &Session, place: &CopyPlace) -> Result<(App, CopyId), Failure> {
    match place {
        CopyPlace::Portal(id) => Ok((session.open().await?, CopyId::Portal(*id))),
        CopyPlace::File(file) => {
            let app = session.open_without_asking().await?;
            let mark = open_file(&app, file).await?;
            Ok((app, CopyId::Snapshot(mark.id)))
        }
    }
}

/// Says before a result for people that it comes from a snapshot.
pub(crate) fn say(mark: Option<&SnapshotMark>) -> Result<(), Failure> {
    mark.map_or(Ok(()), |mark| output::line(in_a_sentence(mark)))
}

async fn open_file(app: &App, file: &Path) -> Result<SnapshotMark, Failure> {
    let opening = app.snapshot_open(SnapshotOpenArgs {
        job: Session::job(),
        path: whole(file)?,
        passphrase: known_passphrase()?,
    });
    let _progress = ProgressLine::follow(app);
    Ok(interruptible(app, opening).await?)
}

fn in_a_sentence(mark: &SnapshotMark) -> String {
    let complete = mark.complete_to.map_or_else(String::new, |at| {
        format!(", complete as of {}", output::moment(at))
    });
    format!(
        "Snapshot \"{}\" of portal {}, frozen {}{complete}.",
        mark.name,
        mark.portal,
        output::moment(mark.taken_at)
    )
}

fn whole(path: &Path) -> Result<String, Failure> {
    let path = std::path::absolute(path)?;
    path.to_str()
        .map(str::to_owned)
        .ok_or_else(|| Failure::usage("The file's name is not UTF-8."))
}

fn known_passphrase() -> Result<SecretString, Failure> {
    asked_for(PASSPHRASE, "The snapshot's passphrase: ", None)
}

fn new_passphrase() -> Result<SecretString, Failure> {
    asked_for(
        PASSPHRASE,
        "Choose a passphrase for the snapshot: ",
        Some("Once more: "),
    )
}
