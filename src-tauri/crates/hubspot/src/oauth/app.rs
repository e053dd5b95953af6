//! The app that a person registered with HubSpot, and what it asks for.

use std::time::Duration;

use secrecy::SecretString;

use super::REDIRECT_PORTS;
use crate::limits;

/// The customer's own HubSpot app. Plumbline ships none: a secret in a shipped program is public,
/// and HubSpot's is enough to read every portal that installed the app.
#[derive(Debug, Clone)]
pub struct OwnApp {
    /// The app's client id.
    pub client_id: String,
    /// The app's client secret.
    pub client_secret: SecretString,
    /// Whether a proof key is sent. HubSpot may ignore it; to be switched off by hand only.
    pub pkce: bool,
    /// The ports of the redirect addresses that are registered with the app, tried in turn.
    pub redirect_ports: Vec<u16>,
    /// The longest time one token call may take, repeats included; tests shorten it.
    pub deadline: Duration,
}

impl OwnApp {
    /// An app with the usual redirect addresses, and a proof key.
    #[must_use]
    pub fn new(client_id: impl Into<String>, client_secret: SecretString) -> Self {
        Self {
            client_id: client_id.into(),
            client_secret,
            pkce: true,
            redirect_ports: REDIRECT_PORTS.to_vec(),
            deadline: limits::TOKEN_DEADLINE,
        }
    }
}

/// The scopes to ask for. Each must be declared in the app, in the same class: HubSpot shows an
/// error page otherwise, and redirects nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scopes {
    /// Those without which nothing works.
    pub required: Vec<String>,
    /// Those that a portal's plan may not have.
    pub optional: Vec<String>,
}

/// What reading takes of every portal. Activities are read with `crm.objects.contacts.read`; there is no scope of
/// their own that an app could select.
const READING: [&str; 8] = [
    "oauth",
    "crm.objects.contacts.read",
    "crm.objects.companies.read",
    "crm.objects.deals.read",
    "crm.objects.owners.read",
    "crm.schemas.contacts.read",
    "crm.schemas.companies.read",
    "crm.schemas.deals.read",
];

/// What only some portals have, or care to show: e-mails' details, tickets, what a deal sells, leads
/// (a Sales Hub plan from Professional on), and custom types on Enterprise plans. A portal without
/// them consents all the same. Tickets' scope has no newer name in HubSpot's list of scopes.
const READING_WHERE_POSSIBLE: [&str; 6] = [
    "sales-email-read",
    "tickets",
    "crm.objects.line_items.read",
    "crm.objects.leads.read",
    "crm.objects.custom.read",
    "crm.schemas.custom.read",
];

/// What writing scores to deals takes: values and definitions are separate scopes.
const WRITING: [&str; 2] = ["crm.objects.deals.write", "crm.schemas.deals.write"];

impl Scopes {
    /// What reading takes, and nothing more.
    #[must_use]
    pub fn reading() -> Self {
        Self {
            required: READING.map(str::to_owned).to_vec(),
            optional: READING_WHERE_POSSIBLE.map(str::to_owned).to_vec(),
        }
    }

    /// The same, and what writing scores to deals takes.
    #[must_use]
    pub fn with_writing(mut self) -> Self {
        self.required.extend(Self::writing());
        self
    }

    /// What writing scores to deals takes beside reading; asked for once a person turns it on.
    #[must_use]
    pub fn writing() -> Vec<String> {
        WRITING.map(str::to_owned).to_vec()
    }
}
