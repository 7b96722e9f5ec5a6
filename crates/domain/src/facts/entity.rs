//! Entity: a trust, company, foundation or estate of a household, and who has which role in it.

use crate::fact::Patch;
use crate::ids::{EntityId, EntityRoleId, HouseholdId, PersonId};
use crate::text::Name;
use crate::time::Day;
use crate::{fact, words};

words! {
    /// What kind of entity it is.
    EntityKind {
        /// A trust.
        Trust = "trust",
        /// A company.
        Company = "company",
        /// A foundation.
        Foundation = "foundation",
        /// An estate.
        Estate = "estate",
        /// Something else.
        Other = "other",
    }
}

words! {
    /// What somebody is in an entity.
    EntityRoleKind {
        /// Who made the trust.
        Grantor = "grantor",
        /// Who acts for it now.
        Trustee = "trustee",
        /// Who acts next.
        SuccessorTrustee = "successor_trustee",
        /// Who benefits.
        Beneficiary = "beneficiary",
        /// Who owns it.
        Owner = "owner",
        /// Who runs it.
        Officer = "officer",
        /// Something else.
        Other = "other",
    }
}

fact! {
    /// A trust, company, foundation or estate.
    Entity (EntityId, EntityCreate, EntityChange) in "entities", household: HouseholdId as |e| Some(e.household_id);
    required {
        /// Trust, company, foundation, estate or other.
        kind: EntityKind,
        /// Legal name.
        name: Name,
    }
    optional {
        /// Day it was formed or signed.
        formed_on: Day,
    }
    sealed {
        /// Employer identification number; shown as its last four digits.
        tax_id: TaxId,
    }
}

fact! {
    /// A role in an entity: of a person of the book, or of somebody known by name.
    EntityRole (EntityRoleId, EntityRoleCreate, EntityRoleChange) in "entity_roles", household: HouseholdId as |r| Some(r.household_id);
    fixed {
        /// The entity.
        entity_id: EntityId,
    }
    linked {
        /// The person who has the role.
        person_id: PersonId,
        /// The name of somebody who is not in the book.
        name: Name,
    }
    required {
        /// The role.
        role: EntityRoleKind,
    }
    optional {
        /// Since when.
        since: Day,
        /// Until when.
        until: Day,
    }
}
