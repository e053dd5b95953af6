//! Whose deals are asked about, checked against who there is.

use analyses::forecast::Whose;
use crm::{OwnerId, TeamId};
use timeline::Timeline;

use crate::views::{OwnerOption, TeamOption};
use crate::wire::WireError;

/// The owners that a team or an owner means.
///
/// # Errors
/// When both are asked for, or this portal has no such team or owner.
pub(crate) fn asked(
    timeline: &Timeline,
    team: Option<TeamId>,
    owner: Option<OwnerId>,
) -> Result<Whose, WireError> {
    match (team, owner) {
        (None, None) => Ok(Whose::All),
        (Some(_), Some(_)) => Err(WireError::bad_input(
            "A team and an owner were asked for at once.",
            "Choose one of them.",
        )),
        (Some(team), None) if timeline.members(&team).is_empty() => Err(WireError::bad_input(
            "Nobody in this portal belongs to such a team.",
            "Choose another team; sync where it is new.",
        )),
        (Some(team), None) => Ok(Whose::Team(team)),
        (None, Some(owner)) if timeline.owners().iter().all(|known| known.id != owner) => {
            Err(WireError::bad_input(
                "This portal has no such owner.",
                "Choose another owner; sync where this one is new.",
            ))
        }
        (None, Some(owner)) => Ok(Whose::Owner(owner)),
    }
}

/// Who can be chosen: the teams by name, the owners by name.
pub(crate) fn options(timeline: &Timeline) -> (Vec<TeamOption>, Vec<OwnerOption>) {
    let team = |team: &timeline::Team| TeamOption {
        id: team.id.clone(),
        name: team.name.clone(),
        owners: u32::try_from(timeline.members(&team.id).len()).unwrap_or(u32::MAX),
    };
    let teams = timeline.teams().into_iter().map(team).collect();
    let owner = |owner: &timeline::Owner| OwnerOption {
        id: owner.id,
        name: owner.name.clone(),
    };
    let mut owners: Vec<_> = timeline.owners().iter().map(owner).collect();
    owners.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    (teams, owners)
}
