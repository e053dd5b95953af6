//! What to do about an error, in the words of whoever shows it: the window names its pages and
//! buttons, the terminal its commands. Where both can say the same, a text alone is a hint.

use std::borrow::Cow;

use crm::PortalId;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Stands in a terminal's words where the portal's id belongs, as in `--help`.
const PORTAL: &str = "PORTAL";

/// What to do next. On the wire it is the window's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    window: Cow<'static, str>,
    terminal: Cow<'static, str>,
}

impl Hint {
    const fn each(window: &'static str, terminal: &'static str) -> Self {
        Self {
            window: Cow::Borrowed(window),
            terminal: Cow::Borrowed(terminal),
        }
    }

    /// In the window's words.
    #[must_use]
    pub fn in_window(&self) -> &str {
        &self.window
    }

    /// In the terminal's words, about the portal that was asked about.
    #[must_use]
    pub fn in_terminal(&self, portal: Option<PortalId>) -> Cow<'_, str> {
        match portal {
            Some(id) if self.terminal.contains(PORTAL) => {
                Cow::Owned(self.terminal.replace(PORTAL, &id.to_string()))
            }
            _ => Cow::Borrowed(&self.terminal),
        }
    }
}

impl From<Cow<'static, str>> for Hint {
    fn from(text: Cow<'static, str>) -> Self {
        Self {
            window: text.clone(),
            terminal: text,
        }
    }
}

impl From<&'static str> for Hint {
    fn from(text: &'static str) -> Self {
        Cow::Borrowed(text).into()
    }
}

impl From<String> for Hint {
    fn from(text: String) -> Self {
        Cow::<'static, str>::Owned(text).into()
    }
}

impl Serialize for Hint {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.window.serialize(to)
    }
}

impl<'de> Deserialize<'de> for Hint {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(Self::from)
    }
}

macro_rules! hints {
    ($($name:ident: $window:literal, $terminal:literal;)*) => {
        $(pub(crate) const $name: Hint = Hint::each($window, $terminal);)*

        #[cfg(test)]
        const ALL: &[Hint] = &[$($name),*];
    };
}

hints! {
    RECONNECT:
        "Reconnect the portal, on the page Portals.",
        "Connect it again: plumbline connect --again PORTAL";
    RECONNECT_TO_THE_RIGHT_ONE:
        "Reconnect the portal, and choose the right account in HubSpot.",
        "Run plumbline connect --again PORTAL, and choose the right account in HubSpot.";
    REPLACE_TOKEN:
        "Check in HubSpot that the token still exists; if it was replaced, reconnect the portal with the new one, on the page Portals.",
        "Check in HubSpot that the token still exists; if it was replaced, give the new one: plumbline connect --again PORTAL --token-stdin";
    GIVE_TOKEN:
        "Reconnect it with the new token, on the page Portals. What it may do is set in HubSpot, where it is made.",
        "Give the new token: plumbline connect --again PORTAL --token-stdin. What it may do is set in HubSpot, where it is made.";
    GRANT_SCOPE:
        "Grant it to the app or token in HubSpot, then reconnect the portal on the page Portals.",
        "Grant it to the app or token in HubSpot, then: plumbline connect --again PORTAL";
    ALLOW_WRITING:
        "Allow writing on the page Writebacks: HubSpot asks for consent once more.",
        "HubSpot asks for consent once more: plumbline connect --again PORTAL --for writeback";
    CONNECT_BY_TOKEN:
        "Set a default browser, or connect with a token instead.",
        "Set a default browser, or connect with a token instead: plumbline connect --token-stdin";
    FIND_PORTAL:
        "The page Portals shows those that are here, and connects others.",
        "List those that are here: plumbline portals. Connect others: plumbline connect --help";
    USE_OR_FORGET:
        "Use it, or forget it first.",
        "Use it, or forget it first: plumbline forget PORTAL";
    READ_ANEW:
        "Forget the portal on the page Portals and connect it again; everything is read anew.",
        "Forget the portal and connect it again, and everything is read anew: plumbline forget PORTAL, plumbline connect --help";
    ENTER_PASSPHRASE:
        "Enter it when asked.",
        "Enter it in a terminal that asks for it, or as PLUMBLINE_PASSPHRASE.";
    CHOOSE_PASSPHRASE:
        "Choose a passphrase when asked, or start the system's keychain.",
        "Choose a passphrase in a terminal that asks for it, or as PLUMBLINE_PASSPHRASE; or start the system's keychain.";
    NO_EMPTY_PASSPHRASE:
        "Choose a passphrase.",
        "Choose a passphrase, or leave PLUMBLINE_PASSPHRASE unset where a keychain answers.";
    USE_KEYCHAIN:
        "Unlock the keychain, and start Plumbline without a passphrase.",
        "Start without PLUMBLINE_PASSPHRASE, with the keychain unlocked.";
    CHOOSE_SNAPSHOT_PASSPHRASE:
        "Choose a passphrase for the snapshot.",
        "Choose a passphrase for the snapshot, when asked or as PLUMBLINE_SNAPSHOT_PASSPHRASE.";
    LOCAL_FOLDER:
        "Choose a folder on a disk of this machine. Snapshots may be saved anywhere.",
        "Name a folder on a disk of this machine with --data-dir. Snapshots may be saved anywhere.";
    SYNC_FIRST:
        "Sync it, and let the sync finish.",
        "Sync it, and let the sync finish: plumbline sync PORTAL";
    SYNC_AGAIN:
        "Sync the portal again.",
        "Sync the portal again: plumbline sync PORTAL";
    SYNC_GOES_ON:
        "Sync again; it goes on from there. If it stays, report it with the log.",
        "Run plumbline sync PORTAL; it goes on from there. If it stays, report it with the file of --log FILE.";
    REPORT:
        "Try again; if it stays, report it with the log.",
        "Try again; if it stays, report it with the file of --log FILE.";
    WAIT_FOR_SYNC:
        "Wait for the running sync, or cancel it.",
        "Wait for the running sync, or end it with Ctrl-C where it runs.";
    WAIT_AND_FORGET:
        "Wait for the running work, or cancel it, and forget the portal then.",
        "Wait for the running work, or end it with Ctrl-C where it runs; then: plumbline forget PORTAL";
    WAIT_FOR_PLAN:
        "Wait for it to end, or cancel it.",
        "Wait for it to end, or end it with Ctrl-C where it runs.";
    CHOOSE_PIPELINE:
        "Choose one of the portal's pipelines, or all.",
        "plumbline report forecast PORTAL --json lists the portal's pipelines; without --pipeline it takes all.";
    SEE_SCORING:
        "The page Scoring says what is missing.",
        "See what is missing: plumbline report scoring PORTAL";
    TRAIN_SCORE:
        "The page Scoring lists those that were kept, and trains one.",
        "List those that were kept: plumbline score models PORTAL. Train one: plumbline score train PORTAL";
    CHOOSE_SEGMENT:
        "Choose a property of deals or companies by its internal name.",
        "Name a property by its internal name: --segment dealtype for one of deals, --segment company.industry for one of companies.";
    SEE_COMPETITORS:
        "The page Competitors shows the list.",
        "See what the list holds: plumbline competitors list PORTAL";
    NAME_PROPERTY:
        "Choose a property of companies, deals or contacts.",
        "Name one as HubSpot does inside, such as companies.tier: plumbline sql PORTAL 'select object_type, name from property_definition'.";
    FIND_PLAN:
        "The page Writebacks lists the plans.",
        "List the plans: plumbline writeback history PORTAL";
    PLAN_IN_ORDER:
        "Plan, approve, apply: in this order. An applied plan is taken back by an undo plan.",
        "plumbline writeback plan, approve, apply: in this order. An applied plan is taken back by plumbline writeback undo.";
    PLAN_ANEW:
        "Rename or delete that property in HubSpot, then plan again.",
        "Rename or delete that property in HubSpot, then: plumbline writeback plan PORTAL";
    FIND_SNAPSHOT:
        "The page Portals lists the snapshots with their places.",
        "List the snapshots with their places: plumbline snapshot list";
    OPEN_SNAPSHOT:
        "Open its file with its passphrase, on the page Portals.",
        "Name its file in place of its id: plumbline snapshot list";
    CHOOSE_SNAPSHOT:
        "Choose a file that was made by freezing a portal.",
        "Name a file that was made by plumbline snapshot save.";
    TURN_TO_PORTAL:
        "Turn to the portal itself: it alone is synced, written to, renamed and forgotten.",
        "Name the portal's id: plumbline sync, verify, writeback and forget work on the portal itself.";
}

#[cfg(test)]
mod tests;
