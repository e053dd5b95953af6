//! Tokens that are renewed.
