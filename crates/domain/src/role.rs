//! Roles and what each may do. Roles live in the database, never in a claim.

use serde::{Deserialize, Serialize};

/// What a user is in the firm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Advises the households of their teams.
    Advisor,
    /// Works for advisors, on the households of their teams.
    ClientService,
    /// Runs the firm: sees every household, manages users and imports.
    FirmAdmin,
    /// Supervises: sees every household and its history, changes nothing about a client.
    Compliance,
    /// Looks at the households of their teams.
    ReadOnly,
    /// A machine with an API key.
    Integration,
}

/// One thing that an operation needs; every operation of the API declares exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
pub enum Permission {
    /// See the book.
    #[serde(rename = "book.read")]
    BookRead,
    /// Change the book.
    #[serde(rename = "book.write")]
    BookWrite,
    /// Take a list out of the product as a file.
    #[serde(rename = "book.export")]
    BookExport,
    /// Open a sealed value, with a reason.
    #[serde(rename = "sensitive.reveal")]
    SensitiveReveal,
    /// See imports.
    #[serde(rename = "import.read")]
    ImportRead,
    /// Upload a tree of today's layout and bring it into the book.
    #[serde(rename = "import.run")]
    ImportRun,
    /// Take an import back.
    #[serde(rename = "import.revert")]
    ImportRevert,
    /// Manage users, teams and identities.
    #[serde(rename = "users.manage")]
    UsersManage,
    /// Read the audit log, check it, and take a household's part of it out.
    #[serde(rename = "audit.read")]
    AuditRead,
    /// Say how long records are kept, hold a household, and erase one with a second person.
    #[serde(rename = "retention.manage")]
    RetentionManage,
    /// Write the firm's templates.
    #[serde(rename = "templates.manage")]
    TemplatesManage,
    /// Decide about feedback.
    #[serde(rename = "feedback.triage")]
    FeedbackTriage,
    /// One's own session; everybody has it.
    #[serde(rename = "self")]
    OwnSession,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 6] = [Self::Advisor, Self::ClientService, Self::FirmAdmin, Self::Compliance, Self::ReadOnly, Self::Integration];

    /// The name in the database and on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Advisor => "advisor",
            Self::ClientService => "client_service",
            Self::FirmAdmin => "firm_admin",
            Self::Compliance => "compliance",
            Self::ReadOnly => "read_only",
            Self::Integration => "integration",
        }
    }

    /// The role of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// Whether this role may do that.
    #[must_use]
    pub fn may(self, permission: Permission) -> bool {
        self.permissions().contains(&permission)
    }

    /// Whether this role sees every household of the firm, and not only those of one's teams.
    #[must_use]
    pub fn sees_all(self) -> bool {
        matches!(self, Self::FirmAdmin | Self::Compliance)
    }

    /// Whether somebody in this role may hold a key that acts in the other: a key narrows and never widens.
    #[must_use]
    pub fn may_act_as(self, other: Self) -> bool {
        other.permissions().iter().all(|permission| self.may(*permission)) && (self.sees_all() || !other.sees_all())
    }

    /// Everything this role may do.
    #[must_use]
    pub fn permissions(self) -> &'static [Permission] {
        use Permission::{
            AuditRead, BookExport, BookRead, BookWrite, FeedbackTriage, ImportRead, ImportRevert, ImportRun, OwnSession, RetentionManage,
            SensitiveReveal, TemplatesManage, UsersManage,
        };
        match self {
            // The report of an import speaks of every family of the firm: it is for those who see all of them.
            Self::Advisor => &[OwnSession, BookRead, BookWrite, BookExport, SensitiveReveal],
            Self::ClientService => &[OwnSession, BookRead, BookWrite, SensitiveReveal],
            Self::FirmAdmin => &[
                OwnSession,
                BookRead,
                BookWrite,
                BookExport,
                SensitiveReveal,
                ImportRead,
                ImportRun,
                ImportRevert,
                UsersManage,
                TemplatesManage,
                FeedbackTriage,
                AuditRead,
                RetentionManage,
            ],
            Self::Compliance => &[OwnSession, BookRead, BookExport, SensitiveReveal, ImportRead, AuditRead, RetentionManage],
            Self::ReadOnly => &[OwnSession, BookRead],
            Self::Integration => &[OwnSession, BookRead, BookWrite],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn au_8_compliance_reads_and_reveals_but_never_writes_the_book() {
        assert!(Role::Compliance.may(Permission::BookRead) && Role::Compliance.may(Permission::SensitiveReveal));
        assert!(!Role::Compliance.may(Permission::BookWrite) && !Role::ReadOnly.may(Permission::BookWrite));
    }

    #[test]
    fn au_8_a_key_narrows_and_never_widens() {
        assert!(
            Role::FirmAdmin.may_act_as(Role::Compliance)
                && Role::Advisor.may_act_as(Role::ReadOnly)
                && Role::Integration.may_act_as(Role::Integration)
        );
        assert!(
            !Role::Advisor.may_act_as(Role::FirmAdmin)
                && !Role::Advisor.may_act_as(Role::Compliance)
                && !Role::Compliance.may_act_as(Role::Integration)
        );
    }

    #[test]
    fn au_3_only_roles_that_see_the_whole_firm_read_reports_of_imports() {
        for role in Role::ALL {
            assert_eq!(role.may(Permission::ImportRead), matches!(role, Role::FirmAdmin | Role::Compliance), "{}", role.as_str());
        }
    }

    #[test]
    fn names_of_roles_round_trip() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
            assert_eq!(serde_json::to_value(role).unwrap(), role.as_str());
        }
    }
}
