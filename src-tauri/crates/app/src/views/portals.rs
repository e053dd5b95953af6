//! The app's own state, and the portals on this machine.

use crm::{Moment, ObjectType, PortalId, RecordId};
use serde::{Deserialize, Serialize};

/// What the window needs to know before anything else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AppStatus {
    /// This program's version.
    pub version: String,
    /// Whether secrets can be read.
    pub vault: VaultView,
    /// Whether the window was started to show the demo: it then starts it without being asked.
    pub demo_wanted: bool,
    /// Addresses to register as redirect URLs of an own HubSpot app.
    pub redirect_urls: Vec<String>,
    /// Scopes an own HubSpot app must have.
    pub required_scopes: Vec<String>,
    /// Scopes that are used where the portal grants them.
    pub optional_scopes: Vec<String>,
}

/// The state of the secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum VaultView {
    /// Open.
    Ready,
    /// Nothing is stored yet and no keychain answers: a new passphrase is needed.
    NewPassphrase,
    /// Sealed under a passphrase.
    NeedsPassphrase,
    /// Sealed by the system's keychain, which does not open it now.
    KeychainLocked,
}

/// Where the key to everything is to be kept.
#[derive(Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum VaultPlace {
    /// In the system's keychain.
    Keychain,
    /// Here, sealed under a passphrase.
    Passphrase {
        /// The new passphrase.
        #[cfg_attr(test, ts(type = "string"))]
        passphrase: secrecy::SecretString,
    },
}

/// The key to everything is to be kept elsewhere.
#[derive(Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct VaultMoveArgs {
    /// Where.
    pub to: VaultPlace,
}

/// Where the key to everything is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct VaultSeal {
    /// Whether it is in the system's keychain; else it is sealed under a passphrase.
    pub in_keychain: bool,
    /// What that keychain calls itself.
    pub keychain: Option<String>,
    /// After a move: whether the old place has let go of it.
    pub old_place_empty: bool,
}

/// A passphrase for the vault.
#[derive(Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct UnlockArgs {
    /// The passphrase; with a new vault, the one to seal it with.
    #[cfg_attr(test, ts(type = "string"))]
    pub passphrase: secrecy::SecretString,
}

/// A portal, as lists show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PortalSummary {
    /// HubSpot's id of the account.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: PortalId,
    /// The name given to it here.
    pub name: String,
    /// Which of the eight portal colours marks it.
    pub colour: u8,
    /// Whether this is the demo portal on this machine.
    pub demo: bool,
    /// `STANDARD`, `SANDBOX` and so on, as HubSpot says.
    pub account_type: Option<String>,
    /// The portal's time zone: its days and quarters are meant in it.
    pub time_zone: String,
    /// The portal's own currency.
    pub home_currency: String,
    /// Whether its token is accepted.
    pub connection: Connection,
    /// By what it was connected, and so how it is connected again; absent where its file cannot be
    /// read.
    pub connected_by: Option<ConnectedBy>,
    /// When the copy was last completed.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub synced_at: Option<Moment>,
}

/// By what a portal was connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ConnectedBy {
    /// OAuth through the user's own HubSpot app: a consent connects it again.
    OwnApp,
    /// A private-app token or a service key: a new one connects it again.
    Token,
}

/// Whether a portal's token is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Connection {
    /// As far as known, yes.
    Connected,
    /// HubSpot refused the token when it was last used. It is tried again whenever it is needed, and
    /// the first success clears this. The copy is whole.
    TokenRefused {
        /// When it was refused last.
        #[cfg_attr(test, ts(type = "string"))]
        since: Moment,
    },
    /// The portal's own file cannot be read. Other portals are untouched.
    Damaged {
        /// What is wrong, in plain words.
        why: String,
        /// What to do.
        hint: String,
    },
    /// No: HubSpot said so.
    Disconnected {
        /// When it said so.
        #[cfg_attr(test, ts(type = "string"))]
        since: Moment,
        /// Why, in our words.
        why: String,
    },
}

/// Which portal.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct PortalArgs {
    /// The portal.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: PortalId,
}

/// A portal's new name and colour.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RenameArgs {
    /// The portal.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: PortalId,
    /// 1 to 60 characters.
    pub name: String,
    /// 0 to 7.
    pub colour: u8,
}

/// Which record to open in HubSpot.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct OpenRecordArgs {
    /// The portal.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: PortalId,
    /// The record's type.
    #[cfg_attr(test, ts(type = "string"))]
    pub object_type: ObjectType,
    /// The record.
    #[cfg_attr(test, ts(type = "string"))]
    pub record: RecordId,
}

/// What forgetting a portal did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ForgetReceipt {
    /// The portal that is gone.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: PortalId,
    /// Names of the files that were removed.
    pub files_removed: Vec<String>,
    /// Their sizes together, in bytes.
    #[cfg_attr(test, ts(type = "number"))]
    pub bytes_removed: u64,
    /// Lines about it that were taken out of the logs in the data folder.
    #[cfg_attr(test, ts(type = "number"))]
    pub log_lines_removed: u64,
    /// Snapshots that were saved to places of the user's own, and that only the user can delete.
    pub snapshots_left: Vec<String>,
    /// Whether HubSpot confirmed that the refresh token is void. Absent for static tokens, which
    /// are deleted in HubSpot by hand.
    pub token_revoked: Option<bool>,
}

/// What a portal's token may be needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// Reading contacts, companies, deals, activities and owners.
    Reading,
    /// Reading what e-mails say about themselves.
    Emails,
    /// Reading tickets.
    Tickets,
    /// Reading what deals sell.
    LineItems,
    /// Reading leads.
    Leads,
    /// Reading custom objects.
    CustomObjects,
    /// Writing scores to deals.
    Writeback,
}

/// Whether the scopes of a feature were granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum FeatureState {
    /// All of them.
    On,
    /// Not all of them.
    Off,
    /// The token does not tell: what it lacks is found when it is used.
    Unknown,
}

/// A feature of a portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FeatureView {
    /// Which.
    pub feature: Feature,
    /// Whether it can be used.
    pub state: FeatureState,
    /// The scopes that are missing, where it is off.
    pub missing: Vec<String>,
}
