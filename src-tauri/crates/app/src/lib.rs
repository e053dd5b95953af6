//! The use cases: everything a user can ask for. The window and the command line call only this.
