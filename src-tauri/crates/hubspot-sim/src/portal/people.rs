//! Owners, their teams, and the pipelines they work in.

use std::collections::BTreeMap;

use crm::Moment;

use super::kind::Kind;

/// A team of owners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Team {
    /// A small number.
    pub id: u32,
    /// What people call it.
    pub name: String,
}

/// A person who owns records.
#[derive(Debug, Clone)]
pub(crate) struct Owner {
    /// What records carry in `hubspot_owner_id`.
    pub id: u32,
    /// The user behind the owner; HubSpot refuses it as an owner id.
    pub user_id: u32,
    /// First name.
    pub first: String,
    /// Last name.
    pub last: String,
    /// Address.
    pub email: String,
    /// The teams; the first is the primary one.
    pub teams: Vec<Team>,
    /// Since when.
    pub created: Moment,
    /// Whether the person has left.
    pub archived: bool,
}

impl Owner {
    /// Whether this is a queue that several people work through; it has no user.
    pub(crate) fn is_queue(&self) -> bool {
        self.user_id == 0
    }
}

/// One entry of a pipeline's audit.
#[derive(Debug, Clone)]
pub(crate) struct PipelineDeed {
    /// Whose pipeline.
    pub kind: Kind,
    /// Which one.
    pub pipeline: String,
    /// The stage, if it was about one.
    pub stage: Option<String>,
    /// `CREATE`, `UPDATE` or `DELETE`.
    pub action: &'static str,
    /// What it was called afterwards.
    pub label: String,
    /// When.
    pub at: Moment,
}

/// How a stage ends a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It does not.
    Open,
    /// The deal is won.
    Won,
    /// The deal is lost.
    Lost,
}

/// A stage of a pipeline.
#[derive(Debug, Clone)]
pub(crate) struct Stage {
    /// Opaque.
    pub id: String,
    /// What people read.
    pub label: String,
    /// The portal's own idea of the chance to win, in hundredths; HubSpot allows tenths.
    pub probability: i64,
    /// What it means for the deal.
    pub outcome: Outcome,
}

/// A pipeline of deals.
#[derive(Debug, Clone)]
pub(crate) struct Pipeline {
    /// `default` for the first one.
    pub id: String,
    /// What people read.
    pub label: String,
    /// In order.
    pub stages: Vec<Stage>,
    /// Zero, that is 1970, for the default pipeline.
    pub created: Moment,
    /// Last change.
    pub updated: Moment,
}

/// The pipelines that HubSpot gives every portal for tickets and leads.
pub(crate) fn first_pipelines() -> BTreeMap<Kind, Vec<Pipeline>> {
    let stages = |names: &[(&str, &str, Outcome)]| -> Vec<Stage> {
        names
            .iter()
            .map(|(id, label, outcome)| Stage {
                id: (*id).to_owned(),
                label: (*label).to_owned(),
                probability: 0,
                outcome: *outcome,
            })
            .collect()
    };
    let pipeline = |id: &str, label: &str, stages: Vec<Stage>| Pipeline {
        id: id.to_owned(),
        label: label.to_owned(),
        stages,
        created: Moment::from_millis(0),
        updated: Moment::from_millis(0),
    };
    let tickets = stages(&[
        ("1", "New", Outcome::Open),
        ("2", "Waiting on contact", Outcome::Open),
        ("3", "Waiting on us", Outcome::Open),
        ("4", "Closed", Outcome::Won),
    ]);
    let leads = stages(&[
        ("new-stage-id", "New", Outcome::Open),
        ("attempting-stage-id", "Attempting", Outcome::Open),
        ("connected-stage-id", "Connected", Outcome::Open),
        ("qualified-stage-id", "Qualified", Outcome::Won),
        ("unqualified-stage-id", "Disqualified", Outcome::Lost),
    ]);
    BTreeMap::from([
        (
            Kind::Tickets,
            vec![pipeline("0", "Support Pipeline", tickets)],
        ),
        (
            Kind::Leads,
            vec![pipeline("lead-pipeline-id", "Lead pipeline", leads)],
        ),
    ])
}
