//! Typed rows of the book, normalised and ready to be written.
//!
//! Every `legacy_id` is unique within its kind. All optional texts are trimmed and never blank, except bodies of notes,
//! tasks and loops, which are kept as they are. `extra` holds unknown fields and values of a shape that could not be read.
//! Must not hold rules: reading lives in `typed` and `rows`, merging in `state` and `patches`.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::money::Money;
use crate::phone::Phone;

/// Unknown fields of a row, as they were.
pub type Extra = Map<String, Value>;

/// A postal address; every line may be unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // The field names are the layout's own words.
pub struct Address {
    pub line1: Option<String>,
    pub line2: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    pub zip: Option<String>,
    /// Unknown fields of the address.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extra: Extra,
}

/// A household without its members.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HouseholdRow {
    /// Id to store; differs from `source_id` when two households shared one.
    pub legacy_id: String,
    /// Id as the file has it; `None` when the row had none.
    pub source_id: Option<String>,
    /// Unique slug; also the name of the brain folder.
    pub slug: String,
    /// Display name.
    pub name: Option<String>,
    /// `client`, `prospect`, `former`, or other text in lower case without spaces (reported as unparsed).
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Service tier, e.g. `A`.
    pub tier: Option<String>,
    /// Advisor id, mapped from id, alias, name or e-mail.
    pub advisor: Option<String>,
    /// The advisor text when it names nobody.
    pub advisor_unmapped: Option<String>,
    /// Further advisors; ids where they map, else the text.
    pub co_advisors: Vec<String>,
    /// Postal address.
    pub address: Address,
    /// First day as a client.
    pub client_since: Option<Date>,
    /// Months between reviews.
    pub review_cadence_months: Option<i64>,
    /// Day of the next review.
    pub next_review: Option<Date>,
    /// Risk profile in the firm's words.
    pub risk_profile: Option<String>,
    /// Goals, in order.
    pub goals: Vec<String>,
    /// Tags, in order.
    pub tags: Vec<String>,
    /// Pipeline stage of a prospect.
    pub stage: Option<String>,
    /// Where the household came from.
    pub source: Option<String>,
    /// Unknown fields.
    pub extra: Extra,
}

/// A phone of a person. `number` and `text` exclude each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PhoneEntry {
    /// E.g. `mobile`.
    pub label: Option<String>,
    /// The number, when it could be read.
    pub number: Option<Phone>,
    /// The text, when it could not.
    pub text: Option<String>,
    /// Unknown fields.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extra: Extra,
}

/// A person of the firm; may belong to several households.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs)] // The field names are the layout's own words.
pub struct PersonRow {
    /// Firm-wide id.
    pub legacy_id: String,
    pub first_name: Option<String>,
    pub middle_name: Option<String>,
    pub last_name: Option<String>,
    pub suffix: Option<String>,
    pub preferred_name: Option<String>,
    pub native_name: Option<String>,
    pub birth_date: Option<Date>,
    pub emails: Vec<String>,
    pub phones: Vec<PhoneEntry>,
    pub employer: Option<String>,
    pub occupation: Option<String>,
    /// True when the source says so or names a day.
    pub deceased: bool,
    /// The day, when the source names one.
    pub deceased_on: Option<Date>,
    /// Unknown fields.
    pub extra: Extra,
}

/// A person's place in a household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MembershipRow {
    /// `legacy_id` of the household.
    pub household: String,
    /// `legacy_id` of the person.
    pub person: String,
    /// `primary`, `spouse`, `child`, `trustee` or `other`.
    pub role: String,
    /// The role as written, when it is none of these.
    pub role_text: Option<String>,
    /// Place in the member list, from 0.
    pub position: usize,
}

/// Which row an edit changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Target {
    /// The household of the change.
    Household,
    /// A person, by `legacy_id`.
    Person(String),
    /// The membership of this person in the household of the change.
    Membership(String),
}

/// One field that changed. Names and values are those of the serialised row types here (`tier`, `address.line1`, `phones`, …);
/// lists are given whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Edit {
    /// The row.
    pub target: Target,
    /// Field name; `address` fields as `address.line1` etc.
    pub field: String,
    /// Normalised value before.
    pub old: Value,
    /// Normalised value after.
    pub new: Value,
}

/// A member that came or went with a change.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Member {
    /// The person as this household has it.
    pub person: PersonRow,
    /// Its place.
    pub membership: MembershipRow,
    /// No earlier row of the book had this person.
    pub is_new_person: bool,
}

/// What an applied patch did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Action {
    /// A new household with its members.
    Create(Box<HouseholdRow>, Vec<Member>),
    /// The household is hidden from now on; its rows are kept.
    Delete,
    /// Fields changed, members came (`added`) or went (`removed`, ids of persons). All three may be empty: a patch that
    /// wrote the present value again.
    Edit {
        /// Changed fields.
        edits: Vec<Edit>,
        /// New members.
        added: Vec<Member>,
        /// Persons that are no longer members.
        removed: Vec<String>,
    },
}

/// One applied patch, in log order.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// Place in the patch log, from 0.
    pub position: u64,
    /// Id of the patch; issued when it had none.
    pub patch_id: String,
    /// When it was made, if known.
    pub ts: Option<Timestamp>,
    /// Advisor id; `None` when the author maps to nobody.
    pub author: Option<String>,
    /// The author as written.
    pub author_text: Option<String>,
    /// `legacy_id` of the household.
    pub household: String,
    /// What it did.
    pub action: Action,
    /// What a person corrected in the patch before.
    pub corrected: Option<Value>,
}

/// A financial account.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AccountRow {
    /// Account id.
    pub legacy_id: String,
    /// `legacy_id` of the household.
    pub household: String,
    /// Display name.
    pub name: Option<String>,
    /// E.g. `Roth IRA`.
    pub kind: Option<String>,
    /// Custodian.
    pub custodian: Option<String>,
    /// `legacy_id`s of persons; may name persons the book does not hold.
    pub owners: Vec<String>,
    /// Masked account number as shown.
    pub number: Option<String>,
    /// `None` is unknown, which is not zero.
    pub balance: Option<Money>,
    /// Day of the balance.
    pub as_of: Option<Date>,
    /// True for a feed, false for a balance typed by hand.
    pub linked: bool,
    /// `legacy_id` of the beneficiary.
    pub beneficiary: Option<String>,
    /// Day of the last feed of the household.
    pub last_sync: Option<Date>,
    /// The household is not deleted.
    pub live: bool,
    /// Unknown fields.
    pub extra: Extra,
}

/// A note.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NoteRow {
    /// Id to store.
    pub legacy_id: String,
    /// The id was taken by another note, or the row had none.
    pub reissued: bool,
    /// `legacy_id` of the household.
    pub household: String,
    /// When it was written, if known.
    pub ts: Option<Timestamp>,
    /// Advisor id.
    pub author: Option<String>,
    /// The author as written.
    pub author_text: Option<String>,
    /// Text as it was.
    pub body: String,
    /// The household is not deleted.
    pub live: bool,
    /// Unknown fields.
    pub extra: Extra,
}

/// A task of a household or of the firm.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TaskRow {
    /// Task id.
    pub legacy_id: String,
    /// `legacy_id` of the household; `None` for a task of the firm.
    pub household: Option<String>,
    /// Title as it was; may be blank.
    pub title: String,
    /// Due day.
    pub due: Option<Date>,
    /// Done.
    pub done: bool,
    /// 1 (high) to 3 (low).
    pub priority: Option<u8>,
    /// The priority as written, when it is none of these.
    pub priority_text: Option<String>,
    /// Advisor id.
    pub assignee: Option<String>,
    /// The assignee as written.
    pub assignee_text: Option<String>,
    /// Not of a deleted household.
    pub live: bool,
    /// Unknown fields.
    pub extra: Extra,
}

/// An open loop.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LoopRow {
    /// Loop id.
    pub legacy_id: String,
    /// `legacy_id` of the household.
    pub household: String,
    /// Text as it was; may be blank.
    pub text: String,
    /// `we_owe`, `client_owes`, `third_party`; `None` when it is none of these (reported).
    pub direction: Option<String>,
    /// `open`, `waiting`, `done`, `dropped`; anything else counts as `open` and is reported.
    pub status: String,
    /// Day it was opened.
    pub opened_at: Option<Date>,
    /// Due day.
    pub due_at: Option<Date>,
    /// The household is not deleted.
    pub live: bool,
    /// Unknown fields.
    pub extra: Extra,
}

/// A household as it stands after the whole log.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FinalHousehold {
    /// The row.
    pub household: HouseholdRow,
    /// Hidden by a delete patch.
    pub deleted: bool,
    /// Its members, in order.
    pub members: Vec<Member>,
}
