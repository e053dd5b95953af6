//! `plumbline competitors`.

use analyses::competitors::ListChange;
use analyses::competitors::text::Matching;
use app::App;
use app::views::{
    CompetitorChangeArgs, CompetitorListView, CompetitorPropertyView, CompetitorTextsArgs, CopyArgs,
};
use crm::PortalId;

use crate::args::competitors::{CompetitorsVerb, Switch, Written};
use crate::failure::Failure;
use crate::output::{self, Lean, visible};
use crate::session::Session;
use crate::verbs::snapshot;

pub(crate) async fn run(session: &Session, verb: CompetitorsVerb) -> Result<(), Failure> {
    let (portal, change) = match verb {
        CompetitorsVerb::List(portal) => {
            let (app, copy) = snapshot::copy(session, &portal.copy).await?;
            let view = app.competitor_list(CopyArgs { portal: copy }).await?;
            return show(session, &view);
        }
        CompetitorsVerb::Texts { portal, switch } => {
            let app = session.open().await?;
            return texts(session, &app, portal.portal, switch).await;
        }
        CompetitorsVerb::Add { portal, name } => (portal.portal, ListChange::Add { name }),
        CompetitorsVerb::Alias {
            portal,
            competitor,
            text,
            written,
            ordinary_word,
        } => {
            let matching = match written {
                Written::Exact => Matching::ExactCase,
                Written::Any => Matching::AnyCase,
                Written::Fuzzy => Matching::FuzzyOk,
            };
            let change = ListChange::Alias {
                competitor,
                text,
                matching,
                ordinary_word,
            };
            (portal.portal, change)
        }
        CompetitorsVerb::Remove {
            portal,
            competitor,
            alias,
        } => (portal.portal, ListChange::Remove { competitor, alias }),
        CompetitorsVerb::Own {
            portal,
            name,
            remove,
        } => (portal.portal, ListChange::Own { name, remove }),
        CompetitorsVerb::Property {
            portal,
            name,
            lost_to,
            remove,
        } => {
            let change = ListChange::Property {
                name,
                lost_to,
                remove,
            };
            (portal.portal, change)
        }
        CompetitorsVerb::Confirm {
            portal,
            name,
            competitor,
            nobody,
        } => {
            let change = if nobody {
                ListChange::Dismiss { name }
            } else {
                ListChange::Confirm { name, competitor }
            };
            (portal.portal, change)
        }
    };
    let app = session.open().await?;
    let view = app
        .competitor_change(CompetitorChangeArgs {
            portal,
            changes: vec![change],
        })
        .await?;
    show(session, &view)
}

async fn texts(
    session: &Session,
    app: &App,
    portal: PortalId,
    switch: Switch,
) -> Result<(), Failure> {
    let on = switch == Switch::On;
    let view = app
        .competitor_texts(CompetitorTextsArgs { portal, on })
        .await?;
    if session.json {
        return output::json(&view);
    }
    if on {
        output::line(format!(
            "Bodies of notes and subjects of e-mails are read from now on, and kept in the encrypted copy \
             alone. They come with the next sync: plumbline sync {portal}"
        ))
    } else {
        output::line(format!(
            "Bodies of notes and subjects of e-mails are not read. {} were removed from the copy. Snapshots \
             that were saved before still hold them.",
            view.removed
        ))
    }
}

fn show(session: &Session, view: &CompetitorListView) -> Result<(), Failure> {
    if session.json {
        return output::json(view);
    }
    snapshot::say(view.snapshot.as_ref())?;
    print(view)
}

fn print(view: &CompetitorListView) -> Result<(), Failure> {
    let rows: Vec<Vec<String>> = view
        .competitors
        .iter()
        .flat_map(|competitor| {
            let name = visible(&competitor.name);
            competitor.aliases.iter().map(move |alias| {
                let ordinary = if alias.ordinary_word {
                    ", an ordinary word"
                } else {
                    ""
                };
                vec![
                    name.clone(),
                    visible(&alias.text),
                    format!("{}{ordinary}", written(alias.matching)),
                ]
            })
        })
        .collect();
    if rows.is_empty() {
        output::line("No competitor is listed. Add one: plumbline competitors add PORTAL NAME")?;
    } else {
        let columns = [
            ("Competitor", Lean::Left),
            ("Written", Lean::Left),
            ("Counts", Lean::Left),
        ];
        output::table(&columns, &rows)?;
    }
    for (title, names) in [
        ("Your own names", &view.own_names),
        ("Nobody's names", &view.ordinary_words),
    ] {
        if !names.is_empty() {
            output::line(format!("{title}: {}", visible(&names.join(", "))))?;
        }
    }
    for (title, properties) in [
        ("Property for competitors", &view.properties),
        ("May be one, not chosen", &view.proposed),
    ] {
        for property in properties {
            output::line(format!("{title}: {}", described(property)))?;
        }
    }
    match view.texts_since {
        Some(since) => output::line(format!(
            "Note bodies and e-mail subjects are read since {}.",
            output::moment(since)
        )),
        None => output::line(
            "Note bodies and e-mail subjects are not read (plumbline competitors texts PORTAL on).",
        ),
    }
}

fn written(matching: Matching) -> &'static str {
    match matching {
        Matching::ExactCase => "letter for letter",
        Matching::AnyCase => "in any case",
        Matching::FuzzyOk => "in any case; near misses wait for you",
    }
}

fn described(view: &CompetitorPropertyView) -> String {
    let says = if view.property.lost_to {
        "to whom a deal was lost"
    } else {
        "who is in a deal"
    };
    let label = match &view.label {
        Some(label) => visible(label),
        None => "no longer in the portal".to_owned(),
    };
    format!("{} ({label}): {says}", visible(&view.property.name))
}
