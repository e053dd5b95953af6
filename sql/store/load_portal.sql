-- Which portal does this file belong to, and what did it say about itself?
SELECT portal_id, name, time_zone, home_currency, account_type, ui_domain, data_hosting, read_at
FROM portal;
