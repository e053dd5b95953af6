//! Definitions of the types around a sale: tickets, leads, products, line items, quotes, messages.

use super::standard::{Row, choice, computed, flag, long, number, row, text, time};

pub(super) const COMMUNICATIONS: &[Row] = &[
    time("hs_timestamp", "Activity date"),
    choice("hs_communication_channel_type", "Channel type"),
    text("hs_communication_logged_from", "Logged from"),
    row(
        "hs_communication_body",
        "Communication body",
        "string",
        "html",
    ),
];

pub(super) const TICKETS: &[Row] = &[
    time("createdate", "Create date"),
    text("subject", "Ticket name"),
    long("content", "Ticket description"),
    choice("hs_pipeline", "Pipeline"),
    choice("hs_pipeline_stage", "Ticket status"),
    choice("hs_ticket_priority", "Priority"),
    text("source_type", "Source"),
    computed(time("closed_date", "Close date")),
];

pub(super) const LEADS: &[Row] = &[
    text("hs_lead_name", "Lead name"),
    choice("hs_lead_label", "Lead label"),
    text("hs_lead_type", "Lead type"),
    choice("hs_pipeline", "Lead pipeline"),
    choice("hs_pipeline_stage", "Lead pipeline stage"),
];

pub(super) const PRODUCTS: &[Row] = &[
    time("createdate", "Create date"),
    text("name", "Name"),
    number("price", "Unit price"),
    long("description", "Product description"),
    text("hs_sku", "SKU"),
    text("hs_recurring_billing_period", "Term"),
];

pub(super) const LINE_ITEMS: &[Row] = &[
    time("createdate", "Create date"),
    text("name", "Name"),
    number("quantity", "Quantity"),
    number("price", "Unit price"),
    number("discount", "Unit discount"),
    number("amount", "Net price"),
    number("hs_product_id", "Product ID"),
    text("hs_sku", "SKU"),
];

pub(super) const QUOTES: &[Row] = &[
    time("createdate", "Create date"),
    text("hs_title", "Quote title"),
    row("hs_expiration_date", "Expiration date", "date", "date"),
    text("hs_status", "Quote status"),
    number("hs_quote_amount", "Quote amount"),
    flag("hs_sign", "Ready for signature"),
];
