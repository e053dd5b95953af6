//! Who the portal is.

use crm::PortalId;
use serde::Deserialize;

use crate::wire;

/// What `GET /account-info/{v}/details` says about a portal.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountInfo {
    /// The portal's id ("hub id").
    #[serde(rename = "portalId")]
    pub portal: PortalId,
    /// `STANDARD`, `DEVELOPER_TEST`, `SANDBOX`, `APP_DEVELOPER`; an open set.
    #[serde(default, deserialize_with = "wire::text")]
    pub account_type: Option<String>,
    /// The IANA name of the portal's time zone: days begin and daily budgets end by it.
    #[serde(default, deserialize_with = "wire::text")]
    pub time_zone: Option<String>,
    /// The home currency's ISO code.
    #[serde(default, deserialize_with = "wire::text")]
    pub company_currency: Option<String>,
    /// Further currencies that deals may be in.
    #[serde(default, deserialize_with = "wire::list")]
    pub additional_currencies: Vec<String>,
    /// The host of the web interface, for links to records.
    #[serde(default, deserialize_with = "wire::text")]
    pub ui_domain: Option<String>,
    /// The region where the data rests, such as `eu1`.
    #[serde(default, deserialize_with = "wire::text")]
    pub data_hosting_location: Option<String>,
}
