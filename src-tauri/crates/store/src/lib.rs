//! A portal's encrypted database, the vault that opens it, and the registry of portals.
