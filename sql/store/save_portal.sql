-- Keeps what the account says about itself. A file never changes the portal it belongs to.
INSERT INTO portal (
    only_row, portal_id, name, time_zone, home_currency, account_type, ui_domain, data_hosting,
    read_at
)
VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (only_row) DO UPDATE SET
    name = excluded.name,
    time_zone = excluded.time_zone,
    home_currency = excluded.home_currency,
    account_type = excluded.account_type,
    ui_domain = excluded.ui_domain,
    data_hosting = excluded.data_hosting,
    read_at = excluded.read_at
WHERE portal.portal_id = excluded.portal_id;
