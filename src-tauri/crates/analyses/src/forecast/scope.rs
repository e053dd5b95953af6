//! What a question is about: which deals, when, in which money.

use crm::{Moment, OwnerId, PipelineId, TeamId};
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use timeline::{
    Closing, DealIx, DealState, Known, PipelineIx, Snapshot, StageIx, StageKind, Timeline, queries,
};

use super::report::{
    MoneyValue, OwnerView, PipelineView, QueryParameter, QueryRef, TeamView, WhoseView,
};
use super::within::Within;

/// Whose deals are asked about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum Whose {
    /// Everybody's, and nobody's.
    #[default]
    All,
    /// Those of a team's owners: of everybody who belongs to it now, because HubSpot tells no
    /// history of teams.
    Team(TeamId),
    /// Those of one owner.
    Owner(OwnerId),
}

impl Whose {
    /// The owners; none where it is everybody's.
    #[must_use]
    pub fn owners(&self, timeline: &Timeline) -> Option<Vec<OwnerId>> {
        match self {
            Self::All => None,
            Self::Team(team) => Some(timeline.members(team)),
            Self::Owner(owner) => Some(vec![*owner]),
        }
    }
}

/// The timeline, seen at a moment, narrowed to a pipeline and to owners.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) timeline: &'a Timeline,
    pub(crate) as_of: Moment,
    pub(crate) pipeline: Option<&'a PipelineId>,
    /// None means everybody's and nobody's.
    pub(crate) owners: Option<&'a [OwnerId]>,
    /// The deals that these owners ever had, where they were looked up: the scope is the same without.
    pub(crate) within: Option<&'a Within>,
}

/// A deal that is won at the moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Won {
    pub(crate) deal: DealIx,
    pub(crate) closing: Closing,
    /// In the deal's own currency.
    pub(crate) own_amount: Option<Decimal>,
    /// In the home currency.
    pub(crate) amount: Option<Decimal>,
}

impl<'a> Scope<'a> {
    pub(crate) fn snapshot(&self) -> Snapshot<'a> {
        self.timeline.as_of(self.as_of)
    }

    /// Whether a pipeline is asked for.
    pub(crate) fn holds(&self, pipeline: PipelineIx) -> bool {
        self.pipeline
            .is_none_or(|wanted| self.timeline.pipeline(pipeline).id == *wanted)
    }

    pub(crate) fn holds_stage(&self, stage: StageIx) -> bool {
        self.holds(self.timeline.stage(stage).pipeline)
    }

    /// Whether a deal of this owner is asked for. One whose owner is not known is nobody's.
    pub(crate) fn holds_owner(&self, owner: Known<OwnerId>) -> bool {
        self.owners
            .is_none_or(|wanted| owner.value().is_some_and(|owner| wanted.contains(&owner)))
    }

    /// The deals that can be meant.
    pub(crate) fn deals(self) -> impl Iterator<Item = DealIx> + 'a {
        let own = self.within.map(|within| within.deals(self.timeline));
        let all = own.is_none().then(|| self.timeline.deals());
        own.into_iter().flatten().chain(all.into_iter().flatten())
    }

    /// The open deals. A deal belongs to the pipeline of its stage.
    pub(crate) fn open(self) -> impl Iterator<Item = (DealIx, StageIx, DealState)> + 'a {
        let snapshot = self.snapshot();
        let open = self
            .deals()
            .filter_map(move |deal| snapshot.open_deal(deal));
        open.filter(move |(_, stage, state)| {
            self.holds_stage(*stage) && self.holds_owner(state.owner)
        })
    }

    /// The closed deals that are still there, whoever had them: how deals end is learned from all of
    /// them.
    pub(crate) fn closed(self) -> impl Iterator<Item = (DealIx, Closing)> + 'a {
        let deals = self.timeline.deals();
        deals.filter_map(move |deal| self.closing(deal))
    }

    fn closing(&self, deal: DealIx) -> Option<(DealIx, Closing)> {
        let closing = self.timeline.closing(deal, self.as_of)?;
        let counts = self.snapshot().exists(deal) && self.holds_stage(closing.stage);
        counts.then_some((deal, closing))
    }

    /// The won deals, with their amounts.
    pub(crate) fn won(self) -> impl Iterator<Item = Won> + 'a {
        self.deals().filter_map(move |deal| self.as_won(deal))
    }

    /// Those of them that were won from one moment to before another, in their order.
    pub(crate) fn won_between(self, from: Moment, until: Moment) -> Vec<Won> {
        let inside = |won: &Won| from <= won.closing.at && won.closing.at < until;
        match self.within {
            None => self.won().filter(inside).collect(),
            Some(within) => {
                let deals = within.won_between(from, until).into_iter();
                let won = deals.filter_map(|deal| self.as_won(deal));
                won.filter(inside).collect()
            }
        }
    }

    fn as_won(self, deal: DealIx) -> Option<Won> {
        let (_, closing) = self.closing(deal)?;
        let owner = || self.timeline.owner_closed(deal, &closing, self.as_of);
        if closing.kind != StageKind::Won || !self.holds_owner(owner()) {
            return None;
        }
        let own_amount = self.timeline.amount_won(deal, &closing, self.as_of).value();
        let amount = own_amount
            .and_then(|amount| self.to_home(deal, amount, closing.settled_at(self.as_of)));
        Some(Won {
            deal,
            closing,
            own_amount,
            amount,
        })
    }

    /// An amount of an open deal in the home currency, from the currency that it has then; none where
    /// there is no amount, or no rate is known.
    pub(crate) fn home_amount(self, deal: DealIx, amount: Known<Decimal>) -> Option<Decimal> {
        self.to_home(deal, amount.value()?, self.as_of)
    }

    /// The same as a number for statistics.
    pub(crate) fn home_number(self, deal: DealIx, amount: Known<Decimal>) -> Option<f64> {
        self.home_amount(deal, amount)?.to_f64()
    }

    /// The same of an amount and the currency of another moment.
    pub(crate) fn to_home(self, deal: DealIx, amount: Decimal, at: Moment) -> Option<Decimal> {
        let currency = self.timeline.currency_at(deal, at);
        self.timeline.rates().to_home(amount, currency)
    }

    /// A sum in the home currency.
    pub(crate) fn money(&self, amount: Decimal) -> MoneyValue {
        money(amount, self.timeline.rates().home())
    }

    /// A drawn sum in the home currency.
    pub(crate) fn drawn_money(&self, amount: f64) -> MoneyValue {
        self.money(Decimal::from_f64(amount).unwrap_or_default())
    }

    pub(crate) fn pipeline_view(&self, pipeline: PipelineIx) -> PipelineView {
        let pipeline = self.timeline.pipeline(pipeline);
        PipelineView {
            id: pipeline.id.clone(),
            label: pipeline.label.clone(),
        }
    }

    /// A query that lists deals of this scope, with these parameters of its own.
    pub(crate) fn query(&self, query: queries::Query, own: &[(&str, String)]) -> QueryRef {
        let stages = |kinds: &[StageKind]| {
            let stages = self
                .timeline
                .stages()
                .iter()
                .filter(|stage| kinds.contains(&stage.kind));
            // Two pipelines may each have a stage of the same id.
            let ids: Vec<[&str; 2]> = stages
                .map(|stage| {
                    let pipeline = self.timeline.pipeline(stage.pipeline);
                    [pipeline.id.as_str(), stage.id.as_str()]
                })
                .collect();
            list(&ids)
        };
        let pipeline = self.pipeline.map_or_else(String::new, ToString::to_string);
        let owners = self.owners.map_or_else(String::new, |owners| {
            list(&owners.iter().map(ToString::to_string).collect::<Vec<_>>())
        });
        let common = [
            (":owners", owners),
            (":as_of", self.as_of.millis().to_string()),
            (":pipeline", pipeline),
            (":won_stages", stages(&[StageKind::Won])),
            (":closed_stages", stages(&[StageKind::Won, StageKind::Lost])),
        ];
        let wanted = common.into_iter().chain(own.iter().cloned());
        let sql = query.sql();
        QueryRef {
            name: query.name.to_owned(),
            parameters: wanted
                .filter(|(name, _)| sql.contains(name))
                .map(|(name, value)| QueryParameter {
                    name: name.to_owned(),
                    value,
                })
                .collect(),
        }
    }
}

/// A team that is asked for, by its name.
pub(crate) fn team_view(timeline: &Timeline, whose: &Whose) -> Option<TeamView> {
    let Whose::Team(id) = whose else { return None };
    let teams = timeline.teams();
    let named = teams.iter().find(|team| team.id == *id);
    let name = named.map_or(id.as_str(), |team| &team.name).to_owned();
    Some(TeamView {
        id: id.clone(),
        name,
    })
}

/// Whose deals are asked for, by name.
pub(crate) fn whose_view(timeline: &Timeline, whose: &Whose) -> WhoseView {
    let owner = |id| OwnerView {
        id,
        name: timeline.owner_name(id).map(str::to_owned),
    };
    WhoseView {
        team: team_view(timeline, whose),
        owners: whose
            .owners(timeline)
            .map(|ids| ids.into_iter().map(owner).collect()),
    }
}

/// A list as JSON.
pub(crate) fn list<T: serde::Serialize>(items: &[T]) -> String {
    serde_json::to_string(items).unwrap_or_default()
}

/// A sum with exactly two decimals.
pub(crate) fn money(amount: Decimal, currency: crm::Currency) -> MoneyValue {
    let mut amount = amount.round_dp(2);
    amount.rescale(2);
    MoneyValue { amount, currency }
}
