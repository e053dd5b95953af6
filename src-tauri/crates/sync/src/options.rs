//! What is read: object types, properties, histories, associations.

use crm::ObjectType;
use hubspot::ObjectSchema;

/// What a sync reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncOptions {
    /// The object types, in the order in which they are read.
    pub objects: Vec<ObjectPlan>,
    /// Whether the portal's custom types are found out and read after those.
    pub custom_types: bool,
    /// Records a page; HubSpot's largest when `None`.
    pub page_size: Option<usize>,
    /// Reads everything again from the start, also where only the changes are due or an unfinished
    /// pass could be gone on with.
    pub full: bool,
    /// Compares every id with HubSpot's, also where the counts agree and the last time is not long
    /// ago.
    pub reconcile: bool,
    /// Whether the copy is compared with HubSpot's own counts once it is complete. Off unless asked
    /// for: what a person syncs is compared, what measures or breaks the reading alone is not.
    pub verify: bool,
    /// Streams that are read at the same time. HubSpot's limits are a portal's, not a
    /// connection's: more than a few only hide latency.
    pub concurrency: usize,
}

/// What is read of one object type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectPlan {
    /// The type.
    pub object: ObjectType,
    /// Properties by name. Those that the portal does not define are not asked for.
    pub properties: Vec<String>,
    /// Whether the properties that the portal itself has defined are read too.
    pub portal_defined: bool,
    /// Properties whose versions are read.
    pub history: Vec<String>,
    /// Types to whose records the associations are read, from this side.
    pub associations: Vec<ObjectType>,
    /// Whether the type's pipelines and stages are read.
    pub pipelines: bool,
}

/// Deals: HubSpot's object reference for deals, as far as a report asks for it. The v2 stage
/// properties are left out on purpose: the history of `dealstage` says the same and more.
const DEAL: &[&str] = &[
    "dealname",
    "amount",
    "amount_in_home_currency",
    "deal_currency_code",
    "dealstage",
    "pipeline",
    "closedate",
    "createdate",
    "hubspot_owner_id",
    "dealtype",
    "hs_is_closed",
    "hs_is_closed_won",
    "hs_is_closed_lost",
    "closed_lost_reason",
    "closed_won_reason",
    "days_to_close",
    "hs_deal_stage_probability",
    "hs_closed_amount",
    "hs_deal_amount_in_home_currency",
    "hs_projected_amount",
    "hs_forecast_amount",
    "hs_forecast_probability",
    "hs_manual_forecast_category",
    "hs_next_step",
    "hs_priority",
    "num_associated_contacts",
    "num_contacted_notes",
    "num_notes",
    "notes_last_contacted",
    "notes_last_updated",
    "notes_next_activity_date",
    "hs_last_activity_date",
    "hs_analytics_source",
    "hs_analytics_source_data_1",
    "hs_analytics_source_data_2",
    "hs_merged_object_ids",
    "hs_object_source",
    "hs_object_source_label",
    "hs_lastmodifieddate",
];

/// What moves over a deal's life and is asked for at a past moment.
const DEAL_HISTORY: &[&str] = &[
    "dealstage",
    "amount",
    "closedate",
    "pipeline",
    "hubspot_owner_id",
    "hs_manual_forecast_category",
    "deal_currency_code",
];

const CONTACT: &[&str] = &[
    "email",
    "firstname",
    "lastname",
    "jobtitle",
    "company",
    "lifecyclestage",
    "hs_lead_status",
    "hubspot_owner_id",
    "createdate",
    "lastmodifieddate",
    "associatedcompanyid",
    "hs_analytics_source",
    "hs_analytics_source_data_1",
    "hs_analytics_source_data_2",
    "hs_analytics_num_page_views",
    "hs_analytics_num_visits",
    "hs_analytics_first_timestamp",
    "hs_analytics_last_timestamp",
    "hs_buying_role",
    "hs_email_optout",
    "first_conversion_event_name",
    "recent_conversion_date",
    "num_conversion_events",
    "num_associated_deals",
    "notes_last_contacted",
    "hs_sales_email_last_replied",
    "hs_merged_object_ids",
    "hs_object_source",
    "country",
];

const COMPANY: &[&str] = &[
    "name",
    "domain",
    "industry",
    "numberofemployees",
    "annualrevenue",
    "country",
    "city",
    "state",
    "type",
    "lifecyclestage",
    "hubspot_owner_id",
    "hs_parent_company_id",
    "hs_analytics_source",
    "num_associated_contacts",
    "num_associated_deals",
    "createdate",
    "hs_lastmodifieddate",
    "hs_merged_object_ids",
    "hs_object_source",
];

/// What of a contact's way to a customer is asked for at a past moment.
const CONTACT_HISTORY: &[&str] = &["lifecyclestage", "hs_lead_status"];

/// What a deal sells. What it costs the seller is not read.
const LINE_ITEM: &[&str] = &[
    "name",
    "quantity",
    "price",
    "discount",
    "hs_discount_percentage",
    "amount",
    "hs_line_item_currency_code",
    "hs_product_id",
    "hs_sku",
    "recurringbillingfrequency",
    "hs_recurring_billing_period",
    "hs_recurring_billing_start_date",
    "hs_term_in_months",
    "hs_acv",
    "hs_arr",
    "hs_mrr",
    "hs_tcv",
    "createdate",
    "hs_lastmodifieddate",
    "hs_object_source",
];

/// Requests for help. What the customer wrote (`content`) is not read, as no text of an activity is.
const TICKET: &[&str] = &[
    "subject",
    "hs_pipeline",
    "hs_pipeline_stage",
    "hs_ticket_category",
    "hs_ticket_priority",
    "source_type",
    "hubspot_owner_id",
    "createdate",
    "closed_date",
    "time_to_close",
    "first_agent_reply_date",
    "time_to_first_agent_reply",
    "hs_lastmodifieddate",
    "hs_merged_object_ids",
    "hs_object_source",
];

const LEAD: &[&str] = &[
    "hs_lead_name",
    "hs_lead_type",
    "hs_lead_label",
    "hs_pipeline",
    "hs_pipeline_stage",
    "hubspot_owner_id",
    "hs_createdate",
    "hs_lastmodifieddate",
    "hs_object_source",
];

/// What all activities share. Their texts, bodies, subjects and addresses are not read: they hold
/// personal data, and counts, dates and directions carry nearly all of the signal. Two of them are
/// read where a person has asked for it: see [`SyncOptions::with_texts`].
const ACTIVITY: &[&str] = &[
    "hs_timestamp",
    "hubspot_owner_id",
    "hs_createdate",
    "hs_lastmodifieddate",
    "hs_activity_type",
    "hs_engagement_source",
    "hs_object_source",
];

const CALL: &[&str] = &[
    "hs_call_direction",
    "hs_call_disposition",
    "hs_call_duration",
    "hs_call_status",
];

const COMMUNICATION: &[&str] = &[
    "hs_communication_channel_type",
    "hs_communication_logged_from",
];

const EMAIL: &[&str] = &[
    "hs_email_direction",
    "hs_email_status",
    "hs_email_thread_id",
    "hs_email_open_count",
    "hs_email_click_count",
    "hs_email_reply_count",
];

const MEETING: &[&str] = &[
    "hs_meeting_start_time",
    "hs_meeting_end_time",
    "hs_meeting_outcome",
];

const TASK: &[&str] = &[
    "hs_task_status",
    "hs_task_priority",
    "hs_task_type",
    "hs_task_completion_date",
];

impl Default for SyncOptions {
    fn default() -> Self {
        let mut objects = vec![
            ObjectPlan {
                portal_defined: true,
                ..ObjectPlan::new(ObjectType::COMPANIES, &[COMPANY])
            },
            ObjectPlan {
                portal_defined: true,
                history: names(&[CONTACT_HISTORY]),
                associations: vec![ObjectType::COMPANIES],
                ..ObjectPlan::new(ObjectType::CONTACTS, &[CONTACT])
            },
            ObjectPlan {
                portal_defined: true,
                history: names(&[DEAL_HISTORY]),
                associations: vec![ObjectType::CONTACTS, ObjectType::COMPANIES],
                pipelines: true,
                ..ObjectPlan::new(ObjectType::DEALS, &[DEAL])
            },
            // From their own side: a line that is added or moved is itself a change.
            ObjectPlan {
                portal_defined: true,
                associations: vec![ObjectType::DEALS],
                ..ObjectPlan::new(ObjectType::LINE_ITEMS, &[LINE_ITEM])
            },
        ];
        let moving: [(ObjectType, &[&str]); 2] =
            [(ObjectType::TICKETS, TICKET), (ObjectType::LEADS, LEAD)];
        objects.extend(moving.map(|(object, own)| ObjectPlan {
            portal_defined: true,
            associations: around_a_deal(),
            pipelines: true,
            ..ObjectPlan::new(object, &[own])
        }));
        let own: [(ObjectType, &[&str]); 6] = [
            (ObjectType::CALLS, CALL),
            (ObjectType::COMMUNICATIONS, COMMUNICATION),
            (ObjectType::EMAILS, EMAIL),
            (ObjectType::MEETINGS, MEETING),
            (ObjectType::NOTES, &[]),
            (ObjectType::TASKS, TASK),
        ];
        objects.extend(own.map(|(object, own)| ObjectPlan {
            associations: around_a_deal(),
            ..ObjectPlan::new(object, &[ACTIVITY, own])
        }));
        Self {
            objects,
            custom_types: true,
            page_size: None,
            full: false,
            reconcile: false,
            verify: false,
            concurrency: 3,
        }
    }
}

impl SyncOptions {
    /// Reads the bodies of notes and the subjects of e-mails too, in which competitors are named. Only
    /// where the portal's people have switched it on.
    #[must_use]
    pub fn with_texts(mut self) -> Self {
        for (object, property) in &store::ACTIVITY_TEXTS {
            let of = self
                .objects
                .iter_mut()
                .filter(|plan| plan.object == *object);
            for plan in of {
                plan.properties.push((*property).to_owned());
            }
        }
        self
    }

    /// Reads these properties of deals with all their versions.
    #[must_use]
    pub fn with_deal_histories(mut self, properties: &[String]) -> Self {
        let deals = ObjectType::DEALS;
        for plan in self.objects.iter_mut().filter(|plan| plan.object == deals) {
            for name in properties {
                for list in [&mut plan.properties, &mut plan.history] {
                    if !list.contains(name) {
                        list.push(name.clone());
                    }
                }
            }
        }
        self
    }
}

/// Deals, and whom they are made with.
fn around_a_deal() -> Vec<ObjectType> {
    vec![
        ObjectType::DEALS,
        ObjectType::CONTACTS,
        ObjectType::COMPANIES,
    ]
}

/// What records of custom types have without anybody's doing.
const CUSTOM: &[&str] = &["hubspot_owner_id", "hs_createdate", "hs_lastmodifieddate"];

impl ObjectPlan {
    /// Reads a custom type: all that the portal has defined, and the associations to the types that
    /// are read anyway.
    pub(crate) fn of_custom_type(schema: &ObjectSchema, read_anyway: &[ObjectPlan]) -> Self {
        let is_read = |object: &ObjectType| read_anyway.iter().any(|plan| plan.object == *object);
        Self {
            portal_defined: true,
            associations: schema.neighbours().into_iter().filter(is_read).collect(),
            ..Self::new(schema.object_type.clone(), &[CUSTOM])
        }
    }

    /// Whether a portal can name the ways in which records of this type belong to others. HubSpot has
    /// no labels for activities and line items.
    pub(crate) fn has_labels(&self) -> bool {
        !self.object.is_activity() && self.object != ObjectType::LINE_ITEMS
    }

    fn new(object: ObjectType, properties: &[&[&str]]) -> Self {
        Self {
            object,
            properties: names(properties),
            portal_defined: false,
            history: Vec::new(),
            associations: Vec::new(),
            pipelines: false,
        }
    }
}

fn names(lists: &[&[&str]]) -> Vec<String> {
    lists
        .iter()
        .flat_map(|list| list.iter())
        .map(|name| (*name).to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_of_an_activity_is_read_by_default() {
        let plans = SyncOptions::default().objects;
        let activities = plans.iter().filter(|plan| plan.object.is_activity());
        assert_eq!(activities.clone().count(), ObjectType::ACTIVITIES.len());
        for plan in activities {
            assert!(!plan.portal_defined, "{}", plan.object);
            for name in &plan.properties {
                let holds_text = [
                    "body", "text", "html", "subject", "title", "headers", "notes",
                ]
                .iter()
                .any(|part| name.contains(part));
                assert!(!holds_text, "{name}");
            }
        }
    }

    #[test]
    fn texts_are_read_where_they_are_asked_for_and_no_others() {
        let without = SyncOptions::default().objects;
        let with = SyncOptions::default().with_texts().objects;
        let more: Vec<(String, &str)> = with
            .iter()
            .zip(&without)
            .flat_map(|(with, without)| {
                let new = with.properties.iter();
                let new = new.filter(|name| !without.properties.contains(name));
                new.map(|name| (with.object.to_string(), name.as_str()))
            })
            .collect();
        let texts = store::ACTIVITY_TEXTS.map(|(object, name)| (object.to_string(), name));
        assert_eq!(more.len(), texts.len());
        assert!(texts.iter().all(|text| more.contains(text)), "{more:?}");
    }

    #[test]
    fn every_history_is_of_a_property_that_is_read() {
        let asked = ["closed_lost_reason", "rival"].map(str::to_owned);
        for plan in SyncOptions::default().with_deal_histories(&asked).objects {
            for name in &plan.history {
                assert!(plan.properties.contains(name), "{name}");
            }
        }
    }
}
