//! `plumbline sql`.

use crate::args::CopyPlace;
use crate::failure::Failure;
use crate::output::{self, Lean};
use crate::session::Session;
use crate::verbs::snapshot;

pub(crate) async fn run(
    session: &Session,
    place: &CopyPlace,
    query: String,
) -> Result<(), Failure> {
    let (app, copy) = snapshot::copy(session, place).await?;
    let answer = app.query(copy, query).await?;
    if session.json {
        return output::json(&answer);
    }
    snapshot::say(answer.snapshot.as_ref())?;
    let columns: Vec<(&str, Lean)> = answer
        .columns
        .iter()
        .map(|name| (name.as_str(), Lean::Left))
        .collect();
    let rows: Vec<Vec<String>> = answer
        .rows
        .iter()
        .map(|row| row.iter().map(cell).collect())
        .collect();
    output::table(&columns, &rows)?;
    if answer.cut {
        output::line("There are more rows: narrow the question, or add a LIMIT.")?;
    }
    Ok(())
}

fn cell(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
