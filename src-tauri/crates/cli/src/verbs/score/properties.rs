//! Which properties scores learn from.

use app::views::{CopyArgs, CopyId, ScorePropertiesArgs, ScorePropertiesView, ScoreProperty};

use crate::args::CopyPlace;
use crate::failure::Failure;
use crate::output::{self, Lean};
use crate::session::Session;
use crate::verbs::snapshot;

pub(super) async fn run(
    session: &Session,
    place: &CopyPlace,
    chosen: Option<Vec<String>>,
) -> Result<(), Failure> {
    let (app, copy) = snapshot::copy(session, place).await?;
    let view = match (chosen, copy) {
        (None, _) => app.score_properties(CopyArgs { portal: copy }).await?,
        (Some(properties), CopyId::Portal(portal)) => {
            let asked = ScorePropertiesArgs { portal, properties };
            app.score_properties_set(asked).await?
        }
        (Some(_), CopyId::Snapshot(_)) => {
            return Err(Failure::usage(
                "A snapshot is frozen: choose in the portal itself.",
            ));
        }
    };
    if session.json {
        return output::json(&view);
    }
    print(&view)
}

fn print(view: &ScorePropertiesView) -> Result<(), Failure> {
    let named = |properties: &[ScoreProperty], state: &str| {
        let row = |property: &ScoreProperty| {
            vec![
                property.name.clone(),
                property.label.clone(),
                state.to_owned(),
            ]
        };
        properties.iter().map(row).collect::<Vec<_>>()
    };
    let rows = [
        named(&view.usual, "always"),
        named(&view.chosen, "chosen"),
        named(&view.offered, ""),
    ]
    .concat();
    let columns = [
        ("Property", Lean::Left),
        ("Label", Lean::Left),
        ("Learnt from", Lean::Left),
    ];
    output::table(&columns, &rows)?;
    output::line("A choice counts from the next training on: plumbline score train PORTAL")
}
