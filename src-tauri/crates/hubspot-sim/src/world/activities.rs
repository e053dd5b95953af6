//! Calls, e-mails, meetings, notes and tasks: how often, when, and what they say.
//!
//! Activity becomes denser along the pipeline, so won deals have more of it without having been
//! won by it: only the meeting in the first fourteen days has an effect.

use crm::Moment;

use super::calendar::{at_work, days, shift};
use super::cast::{Company, INTEGRATION, Rep, person};
use super::deals::{DealFacts, Scene, owner_at};
use super::dice::Dice;
use super::journey::{Place, Step};
use crate::portal::Portal;
use crate::portal::kind::Kind;
use crate::portal::phrases::{Phrase, PhraseKind};
use crate::portal::property as p;
use crate::portal::property::Prop;
use crate::portal::record::{Link, Record};
use crate::portal::standard::DISPOSITIONS;
use crate::portal::value::{DAY, Value};

/// An activity to come.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ActivityPlan {
    /// When it is logged; calls are sometimes logged days later.
    pub created: Moment,
    /// When it takes place (`hs_timestamp`); a task's due date.
    pub at: Moment,
    /// What it is.
    pub kind: Kind,
    /// Index into `COMPETITORS` of a competitor it mentions.
    pub competitor: u8,
    /// The contact it is with, or 0.
    pub contact: u64,
    /// Index of the owner.
    pub rep: u16,
    /// Its own stream of chance.
    pub number: u64,
    /// A meeting that certainly takes place: the one with an effect.
    pub certain: bool,
    /// Log-odds by which calls and e-mails rather come from the customer.
    pub answers: f64,
}

const KINDS: [(Kind, f64); 5] = [
    (Kind::Emails, 0.45),
    (Kind::Calls, 0.25),
    (Kind::Notes, 0.12),
    (Kind::Meetings, 0.08),
    (Kind::Tasks, 0.10),
];

const WEEK: f64 = 7.0 * 86_400_000.0;
/// The days within which a meeting counts as early.
const EARLY: i64 = 14 * DAY;

/// Plans the activities of a deal.
#[allow(
    clippy::cast_precision_loss,
    reason = "a stay's milliseconds are far below 2^53"
)]
pub(crate) fn plan_activities(
    scene: &Scene<'_>,
    number: u64,
    facts: &DealFacts,
    steps: &[Step],
    contacts: &[u64],
    owners: &[(Moment, usize)],
) -> Vec<ActivityPlan> {
    let mut dice = Dice::new(scene.seed, "activities", number);
    let created = steps[0].0;
    let early_until = shift(created, EARLY);
    let mut moments: Vec<(Moment, Kind)> = Vec::new();
    for (index, (from, place)) in steps.iter().enumerate() {
        let Place::Open(stage) = place else { continue };
        let until = steps.get(index + 1).map_or(*from, |(next, _)| *next);
        let stay = (until.millis() - from.millis()) as f64;
        let weekly = scene.model.pipelines[facts.pipeline].stages[*stage].weekly_activities;
        // Nobody keeps the pace over a stay of a year.
        let mean = (weekly * stay / WEEK).min(40.0);
        for _ in 0..dice.poisson(mean) {
            let kind = KINDS[dice.weighted(&KINDS.map(|(_, weight)| weight))].0;
            let at = at_work(
                shift(*from, days(dice.unit() * stay / 86_400_000.0)),
                &mut dice,
            );
            moments.push((at.min(until), kind));
        }
    }
    // Early meetings are decided by the deal's facts alone, so that their effect is theirs.
    moments.retain(|(at, kind)| *kind != Kind::Meetings || *at >= early_until);
    if facts.early_meeting {
        let first_stay = steps
            .get(1)
            .map_or(EARLY, |(next, _)| next.millis() - created.millis());
        let room = first_stay.min(EARLY - 4 * DAY) as f64;
        let at = shift(created, days(dice.between(0.1, 0.9) * room / 86_400_000.0));
        moments.push((
            at_work(at, &mut dice).min(shift(created, first_stay)),
            Kind::Meetings,
        ));
    }
    moments.sort_by_key(|(at, _)| *at);
    let plan = |(index, (at, kind)): (usize, (Moment, Kind))| {
        let lag = match kind {
            Kind::Calls | Kind::Notes if dice.chance(0.12) => days(dice.between(0.1, 3.0)),
            Kind::Tasks => -days(dice.between(0.5, 6.0)),
            Kind::Meetings => -days(dice.between(0.1, 4.0)),
            _ => 0,
        };
        let speaks = matches!(kind, Kind::Calls | Kind::Notes | Kind::Emails);
        let mentions = facts.competitor > 0 && speaks && dice.chance(0.12);
        let contact = contacts.get(dice.below(contacts.len())).copied();
        ActivityPlan {
            created: shift(at, lag).max(created),
            at,
            kind,
            competitor: if mentions {
                u8::try_from(facts.competitor).unwrap_or(0)
            } else {
                0
            },
            contact: contact.filter(|_| kind != Kind::Tasks).unwrap_or(0),
            rep: u16::try_from(owner_at(owners, at)).unwrap_or(0),
            number: number << 10 | (index as u64 & 0x3ff),
            certain: kind == Kind::Meetings && at < early_until,
            answers: scene.model.shows.answers * facts.interest,
        }
    };
    let mut plans: Vec<ActivityPlan> = moments.into_iter().enumerate().map(plan).collect();
    plans.sort_by_key(|plan| plan.created);
    plans
}

/// Writes an activity into the portal and ties it to its deal, company and contact.
pub(crate) fn perform(
    portal: &mut Portal,
    seed: u64,
    plan: &ActivityPlan,
    deal: Option<u64>,
    company: Option<&Company>,
    rep: Rep,
    now: Moment,
) -> u64 {
    let mut dice = Dice::new(seed, "activity", plan.number);
    let id = portal.table_mut(plan.kind).take_id();
    let origin = if plan.kind == Kind::Emails {
        INTEGRATION
    } else {
        person(rep)
    };
    let mut record = Record::new(id, plan.created, origin);
    let mut writer = Writer {
        portal,
        record: &mut record,
        plan,
        dice: &mut dice,
    };
    writer.text(p::HUBSPOT_OWNER_ID, &rep.owner.to_string());
    writer.record.place(p::HS_TIMESTAMP, Value::At(plan.at));
    match plan.kind {
        Kind::Calls => writer.call(),
        Kind::Emails => writer.email(deal),
        Kind::Meetings => writer.meeting(now),
        Kind::Tasks => writer.task(now),
        Kind::Notes => writer.note(),
        _ => {}
    }
    record.cells.shrink_to_fit();
    let ends = [
        (Kind::Deals, deal),
        (Kind::Companies, company.map(|company| company.id)),
        (Kind::Contacts, (plan.contact > 0).then_some(plan.contact)),
    ];
    record.links.reserve_exact(ends.len());
    for (kind, end) in ends {
        // The record is new, so neither end can have the link yet: no need to look.
        if let (Some(end), Some(link)) = (end, portal.links.default_type(plan.kind, kind))
            && let Some(other) = portal.table_mut(kind).get_mut(end)
        {
            other.links.push(Link {
                to: id,
                type_id: link.reverse,
                kind: plan.kind,
            });
            other.modified = other.modified.max(plan.created);
            record.links.push(Link {
                to: end,
                type_id: link.id,
                kind,
            });
        }
    }
    portal.table_mut(plan.kind).push(record);
    id
}

struct Writer<'a> {
    portal: &'a mut Portal,
    record: &'a mut Record,
    plan: &'a ActivityPlan,
    dice: &'a mut Dice,
}

impl Writer<'_> {
    fn text(&mut self, prop: Prop, text: &str) {
        let sym = self.portal.strings.keep(text);
        self.record.place(prop, Value::Text(sym));
    }

    fn phrase(&mut self, prop: Prop, kind: PhraseKind, mentions: bool) {
        let competitor = if mentions { self.plan.competitor } else { 0 };
        let seed = self.dice.word();
        self.record.place(
            prop,
            Value::Phrase(Phrase {
                kind,
                competitor,
                seed,
            }),
        );
    }

    /// The chance that the customer begins, where it is `usual` for a customer like most.
    fn begun_by_customer(&self, usual: f64) -> f64 {
        let odds = usual / (1.0 - usual) * self.plan.answers.exp();
        odds / (1.0 + odds)
    }

    fn call(&mut self) {
        let outcome = self.dice.weighted(&[0.55, 0.22, 0.12, 0.05, 0.04, 0.02]);
        self.text(p::HS_CALL_DISPOSITION, DISPOSITIONS[outcome].0);
        let seconds = if outcome == 0 {
            self.dice.exponential(420.0)
        } else {
            12.0
        };
        self.record
            .place(p::HS_CALL_DURATION, Value::Whole(days(seconds / 86_400.0)));
        let status = match outcome {
            1 => "NO_ANSWER",
            4 => "BUSY",
            _ => "COMPLETED",
        };
        self.text(p::HS_CALL_STATUS, status);
        let inbound = self.dice.chance(self.begun_by_customer(0.2));
        self.text(
            p::HS_CALL_DIRECTION,
            if inbound { "INBOUND" } else { "OUTBOUND" },
        );
        self.phrase(p::HS_CALL_TITLE, PhraseKind::CallTitle, false);
        if outcome == 0 {
            self.phrase(p::HS_CALL_BODY, PhraseKind::CallBody, true);
        }
    }

    fn email(&mut self, deal: Option<u64>) {
        let incoming = self.dice.chance(self.begun_by_customer(0.4));
        self.text(
            p::HS_EMAIL_DIRECTION,
            if incoming { "INCOMING_EMAIL" } else { "EMAIL" },
        );
        let bounced = !incoming && self.dice.chance(0.02);
        self.text(p::HS_EMAIL_STATUS, if bounced { "BOUNCED" } else { "SENT" });
        self.phrase(p::HS_EMAIL_SUBJECT, PhraseKind::EmailSubject, false);
        self.phrase(p::HS_EMAIL_TEXT, PhraseKind::EmailText, true);
        self.phrase(p::HS_EMAIL_HTML, PhraseKind::EmailHtml, true);
        let thread = i64::try_from(deal.unwrap_or(self.plan.number % 1_000_000)).unwrap_or(0);
        self.record
            .place(p::HS_EMAIL_THREAD_ID, Value::Whole(thread * 10 + 3));
    }

    fn meeting(&mut self, now: Moment) {
        self.phrase(p::HS_MEETING_TITLE, PhraseKind::MeetingTitle, false);
        self.phrase(p::HS_MEETING_BODY, PhraseKind::MeetingBody, false);
        self.record
            .place(p::HS_MEETING_START_TIME, Value::At(self.plan.at));
        let end = shift(self.plan.at, 3_600_000);
        self.record.place(p::HS_MEETING_END_TIME, Value::At(end));
        let held = if self.plan.certain {
            0
        } else {
            self.dice.weighted(&[0.9, 0.05, 0.05])
        };
        let outcome = match (self.plan.at <= now, held) {
            (false, _) => "SCHEDULED",
            (true, 0) => "COMPLETED",
            (true, 1) => "NO_SHOW",
            (true, _) => "RESCHEDULED",
        };
        self.text(p::HS_MEETING_OUTCOME, outcome);
    }

    fn note(&mut self) {
        let kind = match self.plan.number % 97 {
            7 => PhraseKind::Hostile,
            13 if self.plan.number.is_multiple_of(5) => PhraseKind::Long,
            _ => PhraseKind::NoteBody,
        };
        self.phrase(p::HS_NOTE_BODY, kind, true);
    }

    fn task(&mut self, now: Moment) {
        self.phrase(p::HS_TASK_SUBJECT, PhraseKind::TaskSubject, false);
        self.phrase(p::HS_TASK_BODY, PhraseKind::TaskBody, false);
        let priority = self.dice.pick(&["LOW", "MEDIUM", "HIGH"]);
        self.text(p::HS_TASK_PRIORITY, priority);
        let task_type = self.dice.pick(&["EMAIL", "CALL", "TODO"]);
        self.text(p::HS_TASK_TYPE, task_type);
        let done = self.plan.at <= now && self.dice.chance(0.8);
        self.text(
            p::HS_TASK_STATUS,
            if done { "COMPLETED" } else { "NOT_STARTED" },
        );
        if done {
            let at = Value::At(self.plan.at);
            self.record.place(p::HS_TASK_COMPLETION_DATE, at);
        }
    }
}
