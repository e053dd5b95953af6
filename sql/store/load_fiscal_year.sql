-- The month in which the user's fiscal year begins, where they said so.
SELECT first_month
FROM fiscal_year
WHERE one = 1;
