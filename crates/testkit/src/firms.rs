//! Two firms with users of every role, in teams: what isolation is tested with.

use std::collections::BTreeMap;

use magfin_db::cluster::Operator;
use magfin_db::directory;
use magfin_db::tenant::{Context, Db, Source};
use magfin_domain::ids::{FirmId, TeamId, UserId};
use magfin_domain::role::Role;
use uuid::Uuid;

use crate::TestDb;

/// The identity provider that every fixture's identity comes from.
pub const ISSUER: &str = "https://id.example";

/// A user of the fixtures. Will and Matt advise with a team each and one that they share, Evan with his own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// Advisor: own team, and the one shared with Matt.
    Will,
    /// Advisor: own team, and the one shared with Will.
    Matt,
    /// Advisor: own team alone.
    Evan,
    /// Firm admin, in no team.
    Priya,
    /// Client service, in Will's team.
    Sam,
    /// Compliance, in no team.
    Cleo,
    /// Looks only, in Will's team.
    Rhea,
    /// A machine, in Will's team.
    Iggy,
}

impl Who {
    /// Everybody.
    pub const ALL: [Self; 8] = [Self::Will, Self::Matt, Self::Evan, Self::Priya, Self::Sam, Self::Cleo, Self::Rhea, Self::Iggy];

    /// Name, as colleagues see it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Will => "Will Adams",
            Self::Matt => "Matt Brown",
            Self::Evan => "Evan Clark",
            Self::Priya => "Priya Desai",
            Self::Sam => "Sam Evans",
            Self::Cleo => "Cleo Fisher",
            Self::Rhea => "Rhea Grant",
            Self::Iggy => "Iggy Feed",
        }
    }

    /// Role in the firm.
    #[must_use]
    pub fn role(self) -> Role {
        match self {
            Self::Will | Self::Matt | Self::Evan => Role::Advisor,
            Self::Priya => Role::FirmAdmin,
            Self::Sam => Role::ClientService,
            Self::Cleo => Role::Compliance,
            Self::Rhea => Role::ReadOnly,
            Self::Iggy => Role::Integration,
        }
    }

    /// Somebody with this role.
    #[must_use]
    pub fn with(role: Role) -> Self {
        Self::ALL.into_iter().find(|who| who.role() == role).expect("there is a user of every role")
    }

    fn key(self) -> String {
        format!("{self:?}").to_lowercase()
    }
}

/// A firm of the fixtures.
#[derive(Debug, Clone)]
pub struct Firm {
    /// Identifier.
    pub id: FirmId,
    /// Name: `a` or `b`.
    pub name: String,
    users: BTreeMap<Who, UserId>,
    teams: BTreeMap<&'static str, TeamId>,
}

impl Firm {
    /// A user of the firm.
    #[must_use]
    pub fn user(&self, who: Who) -> UserId {
        self.users[&who]
    }

    /// A team: `will`, `matt`, `evan` or `shared`.
    #[must_use]
    pub fn team(&self, name: &str) -> TeamId {
        self.teams[name]
    }

    /// The subject of a user's identity at [`ISSUER`].
    #[must_use]
    pub fn subject(&self, who: Who) -> String {
        format!("{}-{}", self.name, who.key())
    }

    /// The context of a user at the screen.
    #[must_use]
    pub fn context(&self, who: Who) -> Context {
        Context { firm: self.id, user: self.user(who), role: who.role(), source: Source::Ui, request_id: Uuid::now_v7() }
    }

    /// Founds the firm and everybody in it.
    pub async fn found(test: &TestDb, db: &Db, name: &str) -> Self {
        let mut operator = Operator::connect(&test.superuser_url()).await.expect("the operator connects");
        let email = |who: Who| format!("{}@{name}.example", who.key());
        let (id, priya) = operator.found_firm(&format!("Firm {name}"), Who::Priya.name(), &email(Who::Priya)).await.expect("a firm");
        let mut firm = Self { id, name: name.to_owned(), users: BTreeMap::from([(Who::Priya, priya)]), teams: BTreeMap::new() };
        let mut tx = db.write(firm.context(Who::Priya)).await.expect("a transaction");
        for who in Who::ALL {
            let user = directory::ensure_user(&mut tx, who.name(), &[email(who)], who.role(), None).await.expect("a user").id();
            firm.users.insert(who, user);
            directory::ensure_identity(&mut tx, user, ISSUER, &firm.subject(who), None).await.expect("an identity");
        }
        let members: [(&'static str, &str, &[Who]); 4] = [
            ("will", Who::Will.name(), &[Who::Will, Who::Sam, Who::Rhea, Who::Iggy]),
            ("matt", Who::Matt.name(), &[Who::Matt]),
            ("evan", Who::Evan.name(), &[Who::Evan]),
            ("shared", "Will and Matt", &[Who::Will, Who::Matt]),
        ];
        for (key, title, who) in members {
            let users: Vec<UserId> = who.iter().map(|w| firm.user(*w)).collect();
            let team = directory::ensure_team(&mut tx, key, title, &users).await.expect("a team");
            firm.teams.insert(key, team);
        }
        tx.commit().await.expect("the firm is kept");
        firm
    }
}
