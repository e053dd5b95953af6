-- What a model has learnt.
SELECT model FROM score_model WHERE version = ?1;
