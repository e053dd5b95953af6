//! The property definitions that every portal has. Names and types after HubSpot's lists
//! of its default properties; only those that a sales product reads.

use super::definition::Choice;
use super::kind::Kind;
use super::offers;

/// One line of the tables below.
pub(crate) struct Row {
    /// Internal name.
    pub name: &'static str,
    /// What people read.
    pub label: &'static str,
    /// HubSpot's `type`.
    pub value_type: &'static str,
    /// HubSpot's `fieldType`.
    pub field_type: &'static str,
    /// HubSpot computes it, nobody writes it.
    pub calculated: bool,
}

pub(super) const fn row(
    name: &'static str,
    label: &'static str,
    value_type: &'static str,
    field_type: &'static str,
) -> Row {
    Row {
        name,
        label,
        value_type,
        field_type,
        calculated: false,
    }
}

pub(super) const fn text(name: &'static str, label: &'static str) -> Row {
    row(name, label, "string", "text")
}

pub(super) const fn long(name: &'static str, label: &'static str) -> Row {
    row(name, label, "string", "textarea")
}

pub(super) const fn number(name: &'static str, label: &'static str) -> Row {
    row(name, label, "number", "number")
}

pub(super) const fn time(name: &'static str, label: &'static str) -> Row {
    row(name, label, "datetime", "date")
}

pub(super) const fn choice(name: &'static str, label: &'static str) -> Row {
    row(name, label, "enumeration", "select")
}

pub(super) const fn flag(name: &'static str, label: &'static str) -> Row {
    row(name, label, "bool", "booleancheckbox")
}

pub(super) const fn computed(mut base: Row) -> Row {
    base.calculated = true;
    base
}

const EVERY_TYPE: &[Row] = &[
    computed(number("hs_object_id", "Record ID")),
    computed(time("hs_createdate", "Object create date/time")),
    computed(time("hs_lastmodifieddate", "Last modified date")),
    choice("hubspot_owner_id", "Owner"),
    computed(text("hs_merged_object_ids", "Merged record IDs")),
    computed(text("hs_object_source", "Record source")),
];

const DEALS: &[Row] = &[
    time("createdate", "Create date"),
    text("dealname", "Deal name"),
    number("amount", "Amount"),
    choice("deal_currency_code", "Currency"),
    computed(number(
        "amount_in_home_currency",
        "Amount in company currency",
    )),
    computed(number(
        "hs_deal_amount_in_home_currency",
        "Deal amount in home currency",
    )),
    choice("dealstage", "Deal stage"),
    choice("pipeline", "Pipeline"),
    time("closedate", "Close date"),
    choice("dealtype", "Deal type"),
    computed(flag("hs_is_closed", "Is closed")),
    computed(flag("hs_is_closed_won", "Is closed won")),
    computed(flag("hs_is_closed_lost", "Is closed lost")),
    long("closed_lost_reason", "Closed lost reason"),
    long("closed_won_reason", "Closed won reason"),
    computed(number("days_to_close", "Days to close")),
    computed(number("hs_deal_stage_probability", "Deal probability")),
    computed(number("hs_closed_amount", "Closed deal amount")),
    computed(number("hs_projected_amount", "Weighted amount")),
    computed(number("hs_forecast_amount", "Forecast amount")),
    number("hs_forecast_probability", "Forecast probability"),
    choice("hs_manual_forecast_category", "Forecast category"),
    text("hs_next_step", "Next step"),
    computed(number(
        "num_associated_contacts",
        "Number of associated contacts",
    )),
    computed(number("num_notes", "Number of sales activities")),
    computed(time("notes_last_contacted", "Last contacted")),
    computed(time("notes_last_updated", "Last activity date")),
    choice("hs_analytics_source", "Original traffic source"),
    computed(time(
        "hs_v2_date_entered_current_stage",
        "Date entered current stage",
    )),
    computed(number(
        "hs_v2_time_in_current_stage",
        "Time in current stage",
    )),
    long("description", "Deal description"),
];

const CONTACTS: &[Row] = &[
    time("createdate", "Create date"),
    computed(time("lastmodifieddate", "Last modified date")),
    text("email", "Email"),
    text("hs_additional_emails", "Additional email addresses"),
    computed(text(
        "hs_calculated_merged_vids",
        "Merged vids with timestamps",
    )),
    text("firstname", "First name"),
    text("lastname", "Last name"),
    text("jobtitle", "Job title"),
    row("phone", "Phone number", "string", "phonenumber"),
    text("company", "Company name"),
    choice("lifecyclestage", "Lifecycle stage"),
    choice("hs_lead_status", "Lead status"),
    number("associatedcompanyid", "Primary company"),
    choice("hs_analytics_source", "Original traffic source"),
    flag("hs_email_optout", "Unsubscribed from all email"),
    number("num_conversion_events", "Number of form submissions"),
    computed(number("num_associated_deals", "Number of associated deals")),
    computed(time("notes_last_contacted", "Last contacted")),
    text("country", "Country"),
];

const COMPANIES: &[Row] = &[
    time("createdate", "Create date"),
    text("name", "Company name"),
    text("domain", "Company domain name"),
    choice("industry", "Industry"),
    number("numberofemployees", "Number of employees"),
    number("annualrevenue", "Annual revenue"),
    text("country", "Country"),
    text("city", "City"),
    long("description", "Description"),
    choice("lifecyclestage", "Lifecycle stage"),
    choice("hs_analytics_source", "Original traffic source"),
    computed(number(
        "num_associated_contacts",
        "Number of associated contacts",
    )),
    computed(number("num_associated_deals", "Number of associated deals")),
];

const CALLS: &[Row] = &[
    time("hs_timestamp", "Activity date"),
    choice("hs_activity_type", "Call and meeting type"),
    text("hs_call_title", "Call title"),
    row("hs_call_body", "Call notes", "string", "html"),
    choice("hs_call_direction", "Call direction"),
    choice("hs_call_disposition", "Call outcome"),
    number("hs_call_duration", "Call duration"),
    choice("hs_call_status", "Call status"),
];

const EMAILS: &[Row] = &[
    time("hs_timestamp", "Activity date"),
    choice("hs_email_direction", "Email direction"),
    choice("hs_email_status", "Email send status"),
    text("hs_email_subject", "Email subject"),
    long("hs_email_text", "Text body"),
    row("hs_email_html", "Email body", "string", "html"),
    computed(text("hs_email_thread_id", "Thread ID")),
];

const MEETINGS: &[Row] = &[
    time("hs_timestamp", "Activity date"),
    choice("hs_activity_type", "Call and meeting type"),
    text("hs_meeting_title", "Meeting name"),
    row("hs_meeting_body", "Meeting description", "string", "html"),
    time("hs_meeting_start_time", "Meeting start time"),
    time("hs_meeting_end_time", "Meeting end time"),
    choice("hs_meeting_outcome", "Meeting outcome"),
];

const NOTES: &[Row] = &[
    time("hs_timestamp", "Activity date"),
    row("hs_note_body", "Note body", "string", "html"),
];

const TASKS: &[Row] = &[
    time("hs_timestamp", "Due date"),
    text("hs_task_subject", "Task title"),
    row("hs_task_body", "Task notes", "string", "html"),
    choice("hs_task_status", "Task status"),
    choice("hs_task_priority", "Priority"),
    choice("hs_task_type", "Task type"),
    computed(time("hs_task_completion_date", "Completed at")),
];

const MACHINES: &[Row] = &[
    text("serial_number", "Serial number"),
    text("model", "Model"),
    row("installed_on", "Installed on", "date", "date"),
    number("operating_hours", "Operating hours"),
];

/// The definitions of a type.
pub(crate) fn rows(kind: Kind) -> impl Iterator<Item = &'static Row> {
    let own = match kind {
        Kind::Contacts => CONTACTS,
        Kind::Companies => COMPANIES,
        Kind::Deals => DEALS,
        Kind::Calls => CALLS,
        Kind::Emails => EMAILS,
        Kind::Meetings => MEETINGS,
        Kind::Notes => NOTES,
        Kind::Tasks => TASKS,
        Kind::Machines => MACHINES,
        Kind::Communications => offers::COMMUNICATIONS,
        Kind::Tickets => offers::TICKETS,
        Kind::Leads => offers::LEADS,
        Kind::Products => offers::PRODUCTS,
        Kind::LineItems => offers::LINE_ITEMS,
        Kind::Quotes => offers::QUOTES,
        Kind::Own(_) => &[],
    };
    EVERY_TYPE.iter().chain(own)
}

/// Call outcomes that every portal has (`hs_call_disposition`).
pub(crate) const DISPOSITIONS: [(&str, &str); 6] = [
    ("f240bbac-87c9-4f6e-bf70-924b57d47db7", "Connected"),
    ("73a0d17f-1163-4015-bdd5-ec830791da20", "No answer"),
    ("b2cf5968-551e-4856-9783-52b3da59a7d0", "Left voicemail"),
    ("a4c4c377-d246-4b32-a13b-75a56a4cd0ff", "Left live message"),
    ("9d9162e7-6cf3-4944-bf63-4dff82258764", "Busy"),
    ("17b47fee-58de-441e-a44c-c6300d46f273", "Wrong number"),
];

/// Where people came from (`hs_analytics_source`).
pub(crate) const SOURCES: [(&str, &str); 8] = [
    ("ORGANIC_SEARCH", "Organic search"),
    ("PAID_SEARCH", "Paid search"),
    ("EMAIL_MARKETING", "Email marketing"),
    ("SOCIAL_MEDIA", "Organic social"),
    ("REFERRALS", "Referrals"),
    ("DIRECT_TRAFFIC", "Direct traffic"),
    ("OFFLINE", "Offline sources"),
    ("AI_REFERRALS", "AI referrals"),
];

/// Industries that the simulated companies are in (`industry`).
pub(crate) const INDUSTRIES: [(&str, &str); 8] = [
    ("MACHINERY", "Machinery"),
    ("CHEMICALS", "Chemicals"),
    ("FOOD_PRODUCTION", "Food production"),
    ("UTILITIES", "Utilities"),
    ("MINING_METALS", "Mining and metals"),
    ("PAPER_FOREST_PRODUCTS", "Paper and forest products"),
    ("HOSPITAL_HEALTH_CARE", "Hospital and health care"),
    ("CONSTRUCTION", "Construction"),
];

/// The choices of an enumeration; empty where the portal's own records are the choices (owners,
/// stages and pipelines) or where the property is no enumeration.
pub(crate) fn choices(name: &str) -> Vec<Choice> {
    let pairs: &[(&str, &str)] = match name {
        "deal_currency_code" => &[("EUR", "Euro"), ("USD", "US dollar")],
        "dealtype" => &[
            ("newbusiness", "New business"),
            ("existingbusiness", "Existing business"),
        ],
        "hs_manual_forecast_category" => &[
            ("OMIT", "Not forecasted"),
            ("PIPELINE", "Pipeline"),
            ("BEST_CASE", "Best case"),
            ("COMMIT", "Commit"),
            ("CLOSED", "Closed won"),
        ],
        "hs_analytics_source" => &SOURCES,
        "industry" => &INDUSTRIES,
        "lifecyclestage" => &[
            ("subscriber", "Subscriber"),
            ("lead", "Lead"),
            ("marketingqualifiedlead", "Marketing qualified lead"),
            ("salesqualifiedlead", "Sales qualified lead"),
            ("opportunity", "Opportunity"),
            ("customer", "Customer"),
        ],
        "hs_lead_status" => &[
            ("NEW", "New"),
            ("OPEN", "Open"),
            ("IN_PROGRESS", "In progress"),
            ("CONNECTED", "Connected"),
            ("UNQUALIFIED", "Unqualified"),
        ],
        "hs_call_direction" => &[("INBOUND", "Inbound"), ("OUTBOUND", "Outbound")],
        "hs_call_disposition" => &DISPOSITIONS,
        "hs_call_status" => &[
            ("COMPLETED", "Completed"),
            ("NO_ANSWER", "No answer"),
            ("BUSY", "Busy"),
        ],
        "hs_email_direction" => &[("EMAIL", "Outgoing"), ("INCOMING_EMAIL", "Incoming")],
        "hs_email_status" => &[
            ("SENT", "Sent"),
            ("BOUNCED", "Bounced"),
            ("FAILED", "Failed"),
        ],
        "hs_meeting_outcome" => &[
            ("SCHEDULED", "Scheduled"),
            ("COMPLETED", "Completed"),
            ("RESCHEDULED", "Rescheduled"),
            ("NO_SHOW", "No show"),
            ("CANCELED", "Canceled"),
        ],
        "hs_communication_channel_type" => &[
            ("WHATS_APP", "WhatsApp"),
            ("LINKEDIN_MESSAGE", "LinkedIn message"),
            ("SMS", "SMS"),
        ],
        "hs_lead_label" => &[("HOT", "Hot"), ("WARM", "Warm"), ("COLD", "Cold")],
        "hs_ticket_priority" => &[("LOW", "Low"), ("MEDIUM", "Medium"), ("HIGH", "High")],
        "hs_task_status" => &[("NOT_STARTED", "Not started"), ("COMPLETED", "Completed")],
        "hs_task_priority" => &[("LOW", "Low"), ("MEDIUM", "Medium"), ("HIGH", "High")],
        "hs_task_type" => &[("EMAIL", "Email"), ("CALL", "Call"), ("TODO", "To-do")],
        _ => &[],
    };
    pairs
        .iter()
        .map(|(value, label)| Choice {
            value: (*value).to_owned(),
            label: (*label).to_owned(),
            hidden: false,
        })
        .collect()
}
