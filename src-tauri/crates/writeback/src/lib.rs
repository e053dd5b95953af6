//! Plan, approve, apply, undo: every change to HubSpot, journalled.
