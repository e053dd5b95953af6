-- Says in which month the user's fiscal year begins.
INSERT INTO fiscal_year (one, first_month)
VALUES (1, ?1)
ON CONFLICT (one) DO UPDATE SET first_month = excluded.first_month;
