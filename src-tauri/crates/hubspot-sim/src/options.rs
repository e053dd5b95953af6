//! What a simulator is started with, and what it answers with.

use std::path::PathBuf;

use crm::Moment;
use serde::Serialize;

/// What to simulate.
#[derive(Debug, Clone)]
pub struct SimOptions {
    /// Which portal.
    pub world: WorldKind,
    /// Chooses one of the possible worlds.
    pub seed: u64,
    /// The world's present at the start. From then on its clock runs with the machine's.
    pub now: Moment,
    /// How many deals a demo or null world has; 2,500 unless told.
    pub deals: Option<usize>,
    /// The port on 127.0.0.1; 0 takes any that is free.
    pub port: u16,
    /// Whether calls are limited.
    pub limits: Limits,
}

/// Which portal to simulate.
#[derive(Debug, Clone)]
pub enum WorldKind {
    /// Thirty months of a pump maker, with effects that `truth` tells.
    Demo,
    /// The same shape without any effect: reports must stay silent.
    Null,
    /// The Maven Analytics "CRM sales opportunities" files.
    Maven {
        /// Holds accounts.csv, products.csv, sales_pipeline.csv and sales_teams.csv.
        csv_dir: PathBuf,
    },
    /// As many records as a bench wants, without effects and without a life of their own.
    Bulk(Bulk),
}

/// How large a bulk world is. Its companies are a tenth of its contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bulk {
    /// Live contacts.
    pub contacts: usize,
    /// Live deals.
    pub deals: usize,
    /// Live activities of all types together.
    pub activities: usize,
}

/// Whether calls are limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limits {
    /// As HubSpot limits an Enterprise account ("API usage guidelines").
    Real,
    /// Not at all: for tests that are about something else.
    Off,
}

/// Where a simulator listens and how to get in. Serialised, it is the first line that
/// `plumbline sim serve` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Address {
    /// In place of `https://api.hubapi.com` and of `https://app.hubspot.com`.
    pub base_url: String,
    /// The app's id, for OAuth.
    pub client_id: String,
    /// The app's secret, for OAuth.
    pub client_secret: String,
    /// A static token with every scope, as a private app or a service key has.
    pub token: String,
    /// Where faults are switched and the clock is moved. Not part of HubSpot.
    pub control_url: String,
}

/// Why a simulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum SimError {
    /// The port is taken, or the machine has no loopback.
    #[error("cannot listen on 127.0.0.1")]
    Listen(#[source] std::io::Error),
    /// A file of the Maven world is missing or unreadable.
    #[error("cannot read {file}")]
    File {
        /// Name of the file, without its folder.
        file: &'static str,
        /// What the file system or the reader said.
        #[source]
        source: csv::Error,
    },
    /// A file of the Maven world says something impossible.
    #[error("{file}, line {line}: {what}")]
    Content {
        /// Name of the file, without its folder.
        file: &'static str,
        /// The line, counted from one, the header included.
        line: u64,
        /// What is wrong, without quoting the content.
        what: &'static str,
    },
}
