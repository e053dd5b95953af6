//! HubSpot's API, typed: tokens, pacing, objects, search, associations, definitions.
