//! What a portal's token may do, by the scopes that HubSpot said it has.

use hubspot::oauth::Scopes;
use store::Credential;

use crate::app::App;
use crate::hint;
use crate::views::{Feature, FeatureState, FeatureView, PortalArgs};
use crate::wire::{ErrorCode, WireError};

impl App {
    /// What is on and what is off for a portal, and which scopes are missing.
    ///
    /// # Errors
    /// When the portal is unknown or its file cannot be read.
    pub async fn features(&self, args: PortalArgs) -> Result<Vec<FeatureView>, WireError> {
        let portal = self.portal(args.portal).await?;
        portal
            .with_store(|store| Ok(features(&store.credential()?.scopes)))
            .await
    }
}

/// Every feature, for a token of these scopes; none at all for a token that does not tell them.
pub(crate) fn features(granted: &[String]) -> Vec<FeatureView> {
    [
        Feature::Reading,
        Feature::Emails,
        Feature::Tickets,
        Feature::LineItems,
        Feature::Leads,
        Feature::CustomObjects,
        Feature::Writeback,
    ]
    .into_iter()
    .map(|feature| {
        let missing: Vec<String> = needs(feature)
            .into_iter()
            .filter(|scope| !granted.contains(scope))
            .collect();
        let state = match missing.is_empty() {
            _ if granted.is_empty() => FeatureState::Unknown,
            true => FeatureState::On,
            false => FeatureState::Off,
        };
        let missing = if state == FeatureState::Off {
            missing
        } else {
            Vec::new()
        };
        FeatureView {
            feature,
            state,
            missing,
        }
    })
    .collect()
}

fn needs(feature: Feature) -> Vec<String> {
    let reading = Scopes::reading();
    let optional = |part: &str| -> Vec<String> {
        let scopes = reading.optional.iter();
        scopes.filter(|s| s.contains(part)).cloned().collect()
    };
    match feature {
        Feature::Reading => reading.required,
        Feature::Emails => optional("sales-email-read"),
        Feature::Tickets => optional("tickets"),
        Feature::LineItems => optional(".line_items."),
        Feature::Leads => optional(".leads."),
        Feature::CustomObjects => optional(".custom."),
        Feature::Writeback => Scopes::writing(),
    }
}

/// What to ask for at a consent: reading always; writing only once a person turned it on, and from
/// then on at each reconnection.
pub(crate) fn wanted(writeback: bool) -> Scopes {
    let mut scopes = Scopes::reading();
    if writeback {
        // Optional, as the app declares it: a scope is asked for in its own class alone.
        scopes.optional.extend(Scopes::writing());
    }
    scopes
}

/// Whether a token that tells its scopes lacks those of writeback.
pub(crate) fn writeback_missing(granted: &[String]) -> Vec<String> {
    features(granted)
        .into_iter()
        .filter(|view| view.feature == Feature::Writeback)
        .flat_map(|view| view.missing)
        .collect()
}

/// Refuses a writeback that HubSpot would refuse, before anything is sent.
pub(crate) fn check_writeback(credential: &Credential) -> Result<(), WireError> {
    let missing = writeback_missing(&credential.scopes);
    if missing.is_empty() {
        return Ok(());
    }
    Err(WireError::new(
        ErrorCode::MissingScope,
        format!(
            "This portal was connected for reading; writing needs {}. Nothing was sent.",
            missing.join(" and ")
        ),
        hint::ALLOW_WRITING,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states(granted: &[String]) -> Vec<FeatureState> {
        features(granted).iter().map(|view| view.state).collect()
    }

    #[test]
    fn scopes_switch_features() {
        use FeatureState::{Off, On, Unknown};
        let reading = Scopes::reading();
        assert_eq!(states(&[]), [Unknown; 7]);
        assert_eq!(
            states(&reading.required),
            [On, Off, Off, Off, Off, Off, Off]
        );
        let all: Vec<String> = [reading.required.clone(), wanted(true).optional].concat();
        assert_eq!(states(&all), [On; 7]);
        let sells = [
            reading.required,
            vec!["crm.objects.line_items.read".to_owned()],
        ]
        .concat();
        assert_eq!(states(&sells), [On, Off, Off, On, Off, Off, Off]);
        let partly: Vec<String> = all
            .iter()
            .filter(|scope| !scope.starts_with("crm.schemas.deals.write"))
            .cloned()
            .collect();
        assert_eq!(writeback_missing(&partly), ["crm.schemas.deals.write"]);
        assert_eq!(
            writeback_missing(&[]),
            Vec::<String>::new(),
            "not known, so tried"
        );
    }

    #[test]
    fn writing_is_asked_for_only_when_it_is_wanted() {
        let writes = |scopes: &Scopes| {
            let all = scopes.required.iter().chain(&scopes.optional);
            all.filter(|scope| scope.ends_with(".write")).count()
        };
        assert_eq!(writes(&wanted(false)), 0);
        assert_eq!(writes(&wanted(true)), Scopes::writing().len());
        assert_eq!(wanted(true).required, wanted(false).required);
    }
}
