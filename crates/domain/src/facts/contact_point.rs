//! Contact point: a phone number, e-mail address or postal address of a person, professional, entity or household.

use crate::fact::Patch;
use crate::ids::{ContactPointId, EntityId, HouseholdId, PersonId, ProfessionalId};
use crate::text::{Contact, Label, Name, Phrase, PostalCode};
use crate::{fact, words};

words! {
    /// What kind of contact point it is.
    ContactKind {
        /// A telephone number: `value` as typed, `e164` as understood.
        Phone = "phone",
        /// An e-mail address in `value`.
        Email = "email",
        /// A postal address in `line1` to `country`.
        Address = "address",
    }
}

fact! {
    /// A way to reach somebody. Without person, professional or entity it belongs to the household itself.
    ContactPoint (ContactPointId, ContactPointCreate, ContactPointChange) in "contact_points", household: HouseholdId as |c| Some(c.household_id);
    fixed {
        /// Phone, e-mail or address.
        kind: ContactKind,
    }
    linked {
        /// The person it reaches.
        person_id: PersonId,
        /// The professional it reaches.
        professional_id: ProfessionalId,
        /// The entity it reaches.
        entity_id: EntityId,
    }
    defaulted {
        /// The one to use first.
        is_primary: bool,
    }
    optional {
        /// Such as mobile, home, work.
        label: Label,
        /// Number or e-mail address as somebody typed it.
        value: Contact,
        /// First address line.
        line1: Name,
        /// Second address line.
        line2: Name,
        /// City.
        city: Phrase,
        /// State or province.
        state: Phrase,
        /// Postal code.
        postal_code: PostalCode,
        /// Country.
        country: Phrase,
    }    derived {
        /// The number in E.164, where it could be read.
        e164: String,
        /// What to dial after the call is answered.
        extension: String,
    }
}
