-- Keeps a trained model with its card.
INSERT INTO score_model (
    event, horizon_days, pipeline_id, as_of, trained_at, published, settings, card, model
)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9);
