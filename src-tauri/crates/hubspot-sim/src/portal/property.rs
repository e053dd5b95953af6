//! Property names as small numbers.

use std::collections::HashMap;

/// A property name kept in [`PropertyNames`]; the well-known ones are constants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Prop(u16);

macro_rules! well_known {
    ($($constant:ident = $name:literal,)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "numbers the constants")]
        #[repr(u16)]
        enum Number { $($constant),* }

        $(#[doc = concat!("`", $name, "`")]
        pub(crate) const $constant: Prop = Prop(Number::$constant as u16);)*

        const WELL_KNOWN: &[&str] = &[$($name),*];
    };
}

well_known! {
    // Every type.
    HS_OBJECT_ID = "hs_object_id",
    CREATEDATE = "createdate",
    HS_CREATEDATE = "hs_createdate",
    HS_LASTMODIFIEDDATE = "hs_lastmodifieddate",
    LASTMODIFIEDDATE = "lastmodifieddate",
    HUBSPOT_OWNER_ID = "hubspot_owner_id",
    HS_MERGED_OBJECT_IDS = "hs_merged_object_ids",
    HS_OBJECT_SOURCE = "hs_object_source",
    HS_PIPELINE = "hs_pipeline",
    HS_PIPELINE_STAGE = "hs_pipeline_stage",
    // Deals.
    DEALNAME = "dealname",
    AMOUNT = "amount",
    DEAL_CURRENCY_CODE = "deal_currency_code",
    AMOUNT_IN_HOME_CURRENCY = "amount_in_home_currency",
    HS_DEAL_AMOUNT_IN_HOME_CURRENCY = "hs_deal_amount_in_home_currency",
    DEALSTAGE = "dealstage",
    PIPELINE = "pipeline",
    CLOSEDATE = "closedate",
    DEALTYPE = "dealtype",
    HS_IS_CLOSED = "hs_is_closed",
    HS_IS_CLOSED_WON = "hs_is_closed_won",
    HS_IS_CLOSED_LOST = "hs_is_closed_lost",
    CLOSED_LOST_REASON = "closed_lost_reason",
    CLOSED_WON_REASON = "closed_won_reason",
    DAYS_TO_CLOSE = "days_to_close",
    HS_DEAL_STAGE_PROBABILITY = "hs_deal_stage_probability",
    HS_CLOSED_AMOUNT = "hs_closed_amount",
    HS_PROJECTED_AMOUNT = "hs_projected_amount",
    HS_FORECAST_AMOUNT = "hs_forecast_amount",
    HS_MANUAL_FORECAST_CATEGORY = "hs_manual_forecast_category",
    HS_NEXT_STEP = "hs_next_step",
    NUM_ASSOCIATED_CONTACTS = "num_associated_contacts",
    NUM_ASSOCIATED_DEALS = "num_associated_deals",
    NUM_NOTES = "num_notes",
    NOTES_LAST_CONTACTED = "notes_last_contacted",
    NOTES_LAST_UPDATED = "notes_last_updated",
    HS_ANALYTICS_SOURCE = "hs_analytics_source",
    HS_V2_DATE_ENTERED_CURRENT_STAGE = "hs_v2_date_entered_current_stage",
    HS_V2_TIME_IN_CURRENT_STAGE = "hs_v2_time_in_current_stage",
    MAIN_COMPETITOR = "main_competitor",
    // Contacts and companies.
    EMAIL = "email",
    HS_ADDITIONAL_EMAILS = "hs_additional_emails",
    HS_CALCULATED_MERGED_VIDS = "hs_calculated_merged_vids",
    FIRSTNAME = "firstname",
    LASTNAME = "lastname",
    JOBTITLE = "jobtitle",
    PHONE = "phone",
    LIFECYCLESTAGE = "lifecyclestage",
    HS_LEAD_STATUS = "hs_lead_status",
    ASSOCIATEDCOMPANYID = "associatedcompanyid",
    NUM_CONVERSION_EVENTS = "num_conversion_events",
    NAME = "name",
    DOMAIN = "domain",
    INDUSTRY = "industry",
    NUMBEROFEMPLOYEES = "numberofemployees",
    ANNUALREVENUE = "annualrevenue",
    COUNTRY = "country",
    CITY = "city",
    // Activities.
    HS_TIMESTAMP = "hs_timestamp",
    HS_CALL_TITLE = "hs_call_title",
    HS_CALL_BODY = "hs_call_body",
    HS_CALL_DIRECTION = "hs_call_direction",
    HS_CALL_DISPOSITION = "hs_call_disposition",
    HS_CALL_DURATION = "hs_call_duration",
    HS_CALL_STATUS = "hs_call_status",
    HS_EMAIL_DIRECTION = "hs_email_direction",
    HS_EMAIL_STATUS = "hs_email_status",
    HS_EMAIL_SUBJECT = "hs_email_subject",
    HS_EMAIL_TEXT = "hs_email_text",
    HS_EMAIL_HTML = "hs_email_html",
    HS_EMAIL_THREAD_ID = "hs_email_thread_id",
    HS_MEETING_TITLE = "hs_meeting_title",
    HS_MEETING_BODY = "hs_meeting_body",
    HS_MEETING_START_TIME = "hs_meeting_start_time",
    HS_MEETING_END_TIME = "hs_meeting_end_time",
    HS_MEETING_OUTCOME = "hs_meeting_outcome",
    HS_NOTE_BODY = "hs_note_body",
    HS_TASK_SUBJECT = "hs_task_subject",
    HS_TASK_BODY = "hs_task_body",
    HS_TASK_STATUS = "hs_task_status",
    HS_TASK_PRIORITY = "hs_task_priority",
    HS_TASK_TYPE = "hs_task_type",
    HS_TASK_COMPLETION_DATE = "hs_task_completion_date",
    HS_COMMUNICATION_CHANNEL_TYPE = "hs_communication_channel_type",
    HS_COMMUNICATION_LOGGED_FROM = "hs_communication_logged_from",
    HS_COMMUNICATION_BODY = "hs_communication_body",
    // Line items, tickets, leads.
    QUANTITY = "quantity",
    PRICE = "price",
    HS_SKU = "hs_sku",
    SUBJECT = "subject",
    CONTENT = "content",
    HS_TICKET_PRIORITY = "hs_ticket_priority",
    SOURCE_TYPE = "source_type",
    CLOSED_DATE = "closed_date",
    HS_LEAD_NAME = "hs_lead_name",
    HS_LEAD_LABEL = "hs_lead_label",
    HS_LEAD_TYPE = "hs_lead_type",
    // The demo portal's custom object.
    SERIAL_NUMBER = "serial_number",
    MODEL = "model",
    INSTALLED_ON = "installed_on",
    OPERATING_HOURS = "operating_hours",
    // The Maven portal's own properties.
    OPPORTUNITY_ID = "opportunity_id",
    PRODUCT = "product",
    PRODUCT_SERIES = "product_series",
    SALES_PRICE = "sales_price",
    SECTOR = "sector",
    OFFICE_LOCATION = "office_location",
    SUBSIDIARY_OF = "subsidiary_of",
    YEAR_ESTABLISHED = "year_established",
}

/// The property names of one portal, well-known ones first.
#[derive(Debug)]
pub(crate) struct PropertyNames {
    numbers: HashMap<String, Prop>,
    names: Vec<String>,
}

impl Default for PropertyNames {
    fn default() -> Self {
        let mut names = Self {
            numbers: HashMap::new(),
            names: Vec::new(),
        };
        for name in WELL_KNOWN {
            names.keep(name);
        }
        names
    }
}

impl PropertyNames {
    /// Keeps a name, or finds the one kept before.
    pub(crate) fn keep(&mut self, name: &str) -> Prop {
        if let Some(prop) = self.numbers.get(name) {
            return *prop;
        }
        let prop = Prop(u16::try_from(self.names.len()).unwrap_or(u16::MAX));
        self.numbers.insert(name.to_owned(), prop);
        self.names.push(name.to_owned());
        prop
    }

    /// The number of a name that was kept before.
    pub(crate) fn find(&self, name: &str) -> Option<Prop> {
        self.numbers.get(name).copied()
    }

    /// The name behind a number.
    pub(crate) fn name(&self, prop: Prop) -> &str {
        self.names
            .get(usize::from(prop.0))
            .map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_and_names_agree() {
        let names = PropertyNames::default();
        assert_eq!(names.find("amount"), Some(AMOUNT));
        assert_eq!(names.name(YEAR_ESTABLISHED), "year_established");
        assert_eq!(names.names.len(), WELL_KNOWN.len(), "a name occurs twice");
    }
}
