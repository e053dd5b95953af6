//! HubSpot to store: resumable, one transaction a page.
