//! A HubSpot that runs on this machine: the demo portal, and what every test talks to.
