//! Named scenarios: what HubSpot was seen to do to its clients, each switched on by its name.
//!
//! `POST scenario {"name": "short-pages", …}` at the control address, with the fields of
//! [`Settings`] beside the name; `GET scenarios` lists them; `DELETE scenarios` switches all off
//! (what they changed in the portal stays changed).

mod hooks;
mod quirks;
mod setup;

use serde::Deserialize;
use serde_json::{Value, json};

use super::changes::ChangeError;
use super::serve::Sim;
use super::simulation::Simulation;

pub(crate) use hooks::{after, before};
pub(crate) use quirks::{Closed, Quirks};

/// How a scenario is set. What is left out has a default that each scenario chooses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Settings {
    /// The object type that it is about, as paths spell it.
    pub object_type: Option<String>,
    /// The record, where it is about one; the first live one when left out.
    pub id: Option<String>,
    /// A property's, stage's, pipeline's or owner's internal name or id.
    pub property: Option<String>,
    /// A value or a new name.
    pub value: Option<String>,
    /// How many records, characters, versions or per cent.
    pub size: Option<usize>,
    /// Strikes every so-manieth call.
    pub every: Option<u64>,
    /// Strikes so many times.
    pub times: Option<u64>,
    /// A span of time.
    pub seconds: Option<i64>,
    /// Seconds of the `Retry-After` header; none when left out.
    pub retry_after: Option<u64>,
}

macro_rules! scenarios {
    ($($variant:ident = $name:literal, $about:literal, $source:literal;)*) => {
        /// Something that HubSpot was seen to do to its clients.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Scenario {
            $(#[doc = $about] $variant,)*
        }

        impl Scenario {
            /// Every scenario, in a stable order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its name at the control address.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// What HubSpot does, in a sentence.
            #[must_use]
            pub fn about(self) -> &'static str {
                match self { $(Self::$variant => $about),* }
            }

            /// Where it was observed.
            #[must_use]
            pub fn source(self) -> &'static str {
                match self { $(Self::$variant => $source),* }
            }
        }
    };
}

scenarios! {
    ShortPages = "short-pages",
        "Pages hold half of what was asked for and still carry a cursor.", "airbyte#80744";
    EmptyPages = "empty-pages",
        "Empty pages with a cursor stand between the full ones.", "airbyte#80744";
    RepeatedCursor = "repeated-cursor",
        "A page's cursor leads to the page itself (`times`, 1).", "hubspot-api-python#135";
    IdsAsText = "ids-as-text",
        "Search sorts and compares hs_object_id as text.", "airbyte#80346";
    SameMillisecond = "same-millisecond",
        "`size` records (all) of a type were modified in one millisecond.", "airbyte#43317";
    SearchCap = "search-cap",
        "Search pages end at `size` results (10,000), then 400.", "airbyte#10700";
    AroundWindow = "around-window",
        "Search answers rows beside the window: a millisecond older, or edited meanwhile (`times`, 3).",
        "estuary/connectors#2210";
    SearchLag = "search-lag",
        "Search knows changes only `seconds` (300) later.", "estuary/connectors#1861";
    UnevenSearchLag = "uneven-search-lag",
        "Search knows a change, then not, then again: every other call lags `seconds` (300).",
        "estuary/connectors#1549";
    EpochFails = "epoch-fails",
        "A search from the epoch on answers 500.", "estuary source-hubspot-native";
    BadTokenStatus = "bad-token-530",
        "A token of no known form answers 530 with a page.", "airbyte source-hubspot";
    SecondlyLimit = "secondly-limit",
        "Search answers 429 SECONDLY (`times`, 2).", "hubspot-api-python#117";
    TenSecondlyLimit = "ten-secondly-limit",
        "Calls answer 429 TEN_SECONDLY_ROLLING (`times`, 2).", "mk-node-hubspot#84";
    DailyLimit = "daily-limit",
        "Calls answer 429 DAILY until switched off (`times`).", "HubSpot usage guidelines";
    ArchiveKeepsDate = "archive-keeps-date",
        "A record is archived and its modified date stays.", "airbyte#19838";
    PurgedAfterNinetyDays = "purged-after-ninety-days",
        "A record is archived and ninety-one days pass: no list has it.", "airbyte#48512";
    EmailsAreDeleted = "emails-are-deleted",
        "An archived e-mail is gone for good.", "HubSpot guide to e-mails";
    MergedIntoNew = "merged-into-new",
        "Two records merge into one with a new id; reads by an old id answer the survivor.",
        "supaglue#870";
    MergedIntoFirst = "merged-into-first",
        "Two records merge and the first keeps its id.", "supaglue#870";
    MergedVidsMissIds = "merged-vids-miss-ids",
        "Three contacts merge one after another; hs_calculated_merged_vids lacks some.",
        "dbt_hubspot#168";
    PrivacyDeletion = "privacy-deletion",
        "A contact is deleted for privacy: no list, bin or search has it.", "HubSpot contacts API";
    ManyAssociations = "many-associations",
        "A record has `size` (120) contacts, some under two labels: inline lists repeat ids and end at 100.",
        "verified-sources#593";
    AssociationPages = "association-pages",
        "A batch shows `size` (2) associations of a record at once, then a cursor.",
        "estuary/connectors#1974";
    AssociationUnseen = "association-unseen",
        "Associations come and go without a modified date.", "airbyte#27199";
    CalculatedUnseen = "calculated-unseen",
        "A value changes without a modified date, as calculated ones do.", "estuary/connectors#2248";
    ClearedValue = "cleared-value",
        "A cleared value answers as an empty text.", "estuary/connectors#4272";
    OddNumbers = "odd-numbers",
        "A number property holds `1;2;3`.", "airbyte source-hubspot 5.8.2";
    OddDates = "odd-dates",
        "A date property holds milliseconds, milliseconds with `.0`, and ISO.",
        "airbyte source-hubspot 5.8.5";
    LongAddress = "long-address",
        "Addresses of more than `size` (2,000) characters answer 414.", "airbyte#33976";
    ShortHistory = "short-history",
        "Histories end after their newest `size` (2) versions.", "HubSpot property history";
    PropertyAdded = "property-added",
        "Somebody defines a property and fills it on a record.", "singer tap-hubspot";
    PropertyDeleted = "property-deleted",
        "Somebody archives a property that records use.", "singer tap-hubspot";
    PropertyRetyped = "property-retyped",
        "A property has another type, with its values as they were.", "dbt_hubspot#168";
    StageRemoved = "stage-removed",
        "A stage is gone while deals are in it.", "singer-io/tap-hubspot#265";
    StageRenamed = "stage-renamed",
        "A stage has another label.", "airbyte#48472";
    PipelineRemoved = "pipeline-removed",
        "A pipeline is gone while deals are in it.", "dbt_hubspot_source#93";
    PipelineTouched = "pipeline-touched",
        "A renamed pipeline touches all of its deals at one millisecond.", "PipedreamHQ#4209";
    OwnerArchived = "owner-archived",
        "An owner leaves; records still name them.", "airbyte source-hubspot 4.5.4";
    ScopeMissing = "scope-missing",
        "One object type answers 403 for want of a scope.", "airbyte source-hubspot";
    PlanMissing = "plan-missing",
        "One object type answers 403 for want of a plan.", "HubSpot test accounts";
    TokenExpires = "token-expires",
        "Access tokens end after `every` (3) calls, once: in the middle of a page run.",
        "PostHog#24185";
    AccountMoving = "account-moving",
        "Calls answer 477 (`times`, 1): the account moves between data centres.",
        "HubSpot guide to error handling";
    CloudflarePage = "cloudflare-page",
        "Calls answer 520 with a page (`times`, 1).", "hubspot-api-php#432";
    RecordIdsAsNumbers = "record-ids-as-numbers",
        "Record ids are JSON numbers.", "HubSpot legacy answers";
    AssociationIdsAsNumbers = "association-ids-as-numbers",
        "toObjectId is a JSON number.", "HubSpot associations v4";
    BusyPortal = "busy-portal",
        "With every `every`th (3) call a record is made, edited or archived.", "airbyte#43317";
    ChangedBetweenReads = "changed-between-reads",
        "After a page of a list one of its records is edited and one archived (`times`, 3).",
        "singer tap-hubspot #98";
    BulkEdit = "bulk-edit",
        "`size` (1) per cent of a type's records are edited at one millisecond.", "airbyte#43317";
    RecordLocked = "record-locked",
        "Writes answer 423 (`times`, 1).", "HubSpot guide to error handling";
}

/// What the simulator always does: name, sentence, source.
const ALWAYS: &[(&str, &str, &str)] = &[
    (
        "history-page",
        "More than 50 records with history answer 400.",
        "pipedream#8462",
    ),
    (
        "duplicate-inputs",
        "Duplicate ids refuse a whole batch.",
        "action-destinations#3969",
    ),
    (
        "id-property",
        "idProperty of a property that is not unique answers 400.",
        "action-destinations#3957",
    ),
    (
        "missing-inputs",
        "A batch without `inputs` is taken for an empty one.",
        "hubspot-api-nodejs#26",
    ),
    (
        "null-is-ignored",
        "null leaves a value, an empty text clears it.",
        "hubspot-api-nodejs#324",
    ),
    (
        "archived-list",
        "Archived records are listed only with archived=true.",
        "airbyte#35017",
    ),
    (
        "search-skips-archived",
        "Search never answers archived records.",
        "supaglue#494",
    ),
    (
        "batch-forgets-merges",
        "A batch update does not follow merged ids.",
        "HubSpot changelog",
    ),
    (
        "modified-property",
        "Contacts have lastmodifieddate, all others hs_lastmodifieddate.",
        "singer tap-hubspot",
    ),
    (
        "owner-ids",
        "An owner's id is not the user's id.",
        "airbyte source-hubspot",
    ),
    (
        "default-pipeline",
        "The default pipeline was created in 1970.",
        "estuary source-hubspot-native",
    ),
    (
        "link-has-no-version",
        "paging.next.link leads to another version's address.",
        "HubSpot object guide",
    ),
    (
        "exact-redirect",
        "A redirect address must match to the slash.",
        "oauth-quickstart-python#3",
    ),
];

impl Scenario {
    /// The scenario of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.name() == name)
    }
}

impl Sim {
    /// Switches a scenario on. Gives what it did to the portal, such as the ids it touched.
    ///
    /// # Errors
    /// When the settings name something that the portal does not have.
    pub fn scenario(&self, scenario: Scenario, settings: &Settings) -> Result<Value, ChangeError> {
        setup::switch_on(&mut self.state(), scenario, settings)
    }

    /// Switches all scenarios and faults off. What they changed in the portal stays.
    pub fn calm(&self) {
        calm(&mut self.state());
    }
}

/// Switches everything off.
pub(crate) fn calm(sim: &mut Simulation) {
    sim.quirks = Quirks::default();
    sim.faults.clear();
    sim.short_pages = false;
    sim.search_lag = 0;
    sim.world.portal.ids_as_text = false;
    sim.world.portal.history_cap = None;
}

/// The list for the control address.
pub(crate) fn list() -> Value {
    let shown = |name: &str, about: &str, source: &str, always: bool| json!({ "name": name, "about": about, "source": source, "always": always });
    let named = Scenario::ALL
        .iter()
        .map(|one| shown(one.name(), one.about(), one.source(), false));
    let always = ALWAYS
        .iter()
        .map(|(name, about, source)| shown(name, about, source, true));
    json!({ "scenarios": named.chain(always).collect::<Vec<_>>() })
}

/// Switches a scenario on as the control address asks for it.
pub(crate) fn switch_on(sim: &mut Simulation, mut body: Value) -> Result<Value, ChangeError> {
    let fields = body.as_object_mut().ok_or(ChangeError::Unreadable)?;
    let name = fields.remove("name").ok_or(ChangeError::Unreadable)?;
    if let Some(Value::Number(id)) = fields.get("id") {
        let text = id.to_string();
        fields.insert("id".to_owned(), text.into());
    }
    let scenario = name.as_str().and_then(Scenario::named);
    let scenario = scenario.ok_or(ChangeError::Scenario)?;
    let settings = serde_json::from_value(body).map_err(|_| ChangeError::Unreadable)?;
    setup::switch_on(sim, scenario, &settings)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_unique_and_lead_back() {
        let mut names: BTreeSet<&str> = ALWAYS.iter().map(|row| row.0).collect();
        assert_eq!(names.len(), ALWAYS.len());
        for scenario in Scenario::ALL {
            assert!(names.insert(scenario.name()), "{} twice", scenario.name());
            assert_eq!(Scenario::named(scenario.name()), Some(*scenario));
            assert!(scenario.about().ends_with('.') && !scenario.source().is_empty());
        }
    }
}
