-- What the user calls the customers that were declared; empty where they were given no name.
ALTER TABLE declared_icp ADD COLUMN name TEXT NOT NULL DEFAULT '';
