//! Person: somebody the firm knows. A person may belong to several households.

use crate::fact;
use crate::fact::Patch;
use crate::ids::{HouseholdId, PersonId};
use crate::text::{Label, Name, NamePart};
use crate::time::Day;

fact! {
    /// A person. `household_id` is the household in which they were first recorded.
    Person (PersonId, PersonCreate, PersonChange) in "people", household: HouseholdId as |p| Some(p.household_id);
    defaulted {
        /// Whether the person has died.
        deceased: bool,
    }
    optional {
        /// First name.
        first_name: NamePart,
        /// Middle name or initial.
        middle_name: NamePart,
        /// Last name.
        last_name: NamePart,
        /// Suffix such as Jr.
        suffix: Label,
        /// What the person is called.
        preferred_name: NamePart,
        /// The name in its own script.
        native_name: Name,
        /// Employer.
        employer: Name,
        /// Occupation.
        occupation: Name,
        /// Day of death.
        deceased_on: Day,
    }
    sealed {
        /// Day of birth; shown as a year and an age.
        birth_date: BirthDate,
        /// Tax identification number; shown as its last four digits.
        tax_id: TaxId,
    }
}
