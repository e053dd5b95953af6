//! `plumbline sql`.

use crm::PortalId;

use crate::failure::Failure;
use crate::output::{self, Lean};
use crate::session::Session;

pub(crate) async fn run(session: &Session, portal: PortalId, query: String) -> Result<(), Failure> {
    let answer = session.open().await?.query(portal, query).await?;
    if session.json {
        return output::json(&answer);
    }
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
