//! Typed identifiers. Every id is a UUIDv7 (RFC 9562), so that ids sort by the time they were made.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(pub Uuid);

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
                ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid))).into()
            }
        }

        impl utoipa::ToSchema for $name {}
    )+};
}

ids! {
    /// A wealth-management firm: the tenant.
    FirmId;
    /// A member of the firm's staff, or a machine that acts for it.
    UserId;
    /// A team: the unit that sees a household.
    TeamId;
    /// A signed-in browser.
    SessionId;
    /// An API key.
    ApiKeyId;
    /// An identity at a provider, with which a user signs in.
    IdentityId;
    /// A tier of service.
    TierId;
    /// A household.
    HouseholdId;
    /// A person, who may belong to several households.
    PersonId;
    /// A person's membership of a household.
    MembershipId;
    /// A trust, company, foundation or estate.
    EntityId;
    /// A role somebody has in an entity.
    EntityRoleId;
    /// An outside professional of a household: accountant, attorney, agent.
    ProfessionalId;
    /// A phone number, e-mail address or postal address.
    ContactPointId;
    /// An account.
    AccountId;
    /// An owner of an account.
    AccountOwnerId;
    /// A beneficiary of an account.
    BeneficiaryId;
    /// A dated balance of an account.
    BalanceId;
    /// A debt.
    LiabilityId;
    /// An insurance policy.
    InsurancePolicyId;
    /// A goal of a household.
    GoalId;
    /// A note.
    NoteId;
    /// A task.
    TaskId;
    /// An open loop: a promise or question without an answer.
    OpenLoopId;
    /// One recorded change of one field.
    EditId;
    /// One run of an import.
    ImportId;
    /// A tree on its way into the book.
    UploadId;
    /// A piece of background work.
    JobId;
    /// A saved view.
    ViewId;
    /// A draft of a note.
    DraftId;
    /// A brain file.
    BrainFileId;
    /// A version of a brain file.
    BrainVersionId;
    /// A rule of how long a kind of record is kept.
    RetentionClassId;
    /// A legal hold.
    LegalHoldId;
    /// An erasure, asked for or done.
    ErasureId;
    /// Something that happened and is no change of a fact.
    EventId;
    /// A template of notes.
    NoteTemplateId;
    /// Something told to one user.
    NotificationId;
    /// A piece of feedback.
    FeedbackId;
}
