//! The statistics that the analyses share, each against a published oracle.
