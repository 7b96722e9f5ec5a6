//! The fields of a household row and what each of them holds. Must not read values.

/// What a place in a household row holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Node {
    /// The row itself.
    Household,
    /// `members`.
    Members,
    /// One member.
    Member,
    /// `address`.
    Address,
    /// A list of phones.
    Phones,
    /// One `{label, number}`.
    Phone,
    /// A list of texts.
    Texts,
    /// One line of text.
    Text,
    /// An id; what it names never changes.
    Identity,
    /// A calendar day.
    Day,
    /// A phone number.
    Number,
    /// A whole number.
    Whole,
    /// Client, prospect or former.
    Type,
    /// True, false, or the day it became true.
    Flag,
}

/// Fields of a household row.
pub const HOUSEHOLD: &[(&str, Node)] = &[
    ("id", Node::Identity),
    ("slug", Node::Text),
    ("name", Node::Text),
    ("type", Node::Type),
    ("tier", Node::Text),
    ("advisorId", Node::Text),
    ("coAdvisorIds", Node::Texts),
    ("members", Node::Members),
    ("address", Node::Address),
    ("clientSince", Node::Day),
    ("reviewCadenceMonths", Node::Whole),
    ("nextReview", Node::Day),
    ("riskProfile", Node::Text),
    ("goals", Node::Texts),
    ("tags", Node::Texts),
    ("stage", Node::Text),
    ("source", Node::Text),
];

/// Fields of a member.
pub const MEMBER: &[(&str, Node)] = &[
    ("id", Node::Identity),
    ("firstName", Node::Text),
    ("middleName", Node::Text),
    ("lastName", Node::Text),
    ("suffix", Node::Text),
    ("preferredName", Node::Text),
    ("nativeName", Node::Text),
    ("role", Node::Text),
    ("birthDate", Node::Day),
    ("emails", Node::Texts),
    ("phones", Node::Phones),
    ("employer", Node::Text),
    ("occupation", Node::Text),
    ("deceased", Node::Flag),
];

/// Fields of an address.
pub const ADDRESS: &[(&str, Node)] =
    &[("line1", Node::Text), ("line2", Node::Text), ("city", Node::Text), ("state", Node::Text), ("zip", Node::Text)];

/// Fields of a phone.
pub const PHONE: &[(&str, Node)] = &[("label", Node::Text), ("number", Node::Number)];

impl Node {
    /// The named fields of an object node; empty for any other node.
    #[must_use]
    pub fn fields(self) -> &'static [(&'static str, Node)] {
        match self {
            Node::Household => HOUSEHOLD,
            Node::Member => MEMBER,
            Node::Address => ADDRESS,
            Node::Phone => PHONE,
            _ => &[],
        }
    }

    /// The node of a list's items; `None` for a node that is no list.
    #[must_use]
    pub fn item(self) -> Option<Node> {
        match self {
            Node::Members => Some(Node::Member),
            Node::Phones => Some(Node::Phone),
            Node::Texts => Some(Node::Text),
            _ => None,
        }
    }
}
