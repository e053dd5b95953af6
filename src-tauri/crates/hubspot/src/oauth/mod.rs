//! Connecting a portal over OAuth: the consent page in a browser, and a listener on this machine.
