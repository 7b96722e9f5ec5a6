//! Which households: a tree of conditions joined by all, any and not. Reads the tree; what it means in SQL is not known here.

use rust_decimal::Decimal;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::time::Day;

/// How deep a tree may be.
pub const DEEPEST: usize = 5;
/// How many nodes it may have.
pub const MOST_NODES: usize = 50;
/// The longest text that a condition compares with.
const LONGEST_TEXT: usize = 200;

/// A node of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// Every one of these holds; with none it always does.
    All(Vec<Node>),
    /// At least one of these holds; with none it never does.
    Any(Vec<Node>),
    /// This does not hold. An empty value does not equal anything, so its negation holds.
    Not(Box<Node>),
    /// One condition.
    Is(Condition),
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// The text is this one.
    Text(TextField, String),
    /// The name has this in it, whatever the case and the accents.
    NameContains(String),
    /// There is no value.
    Empty(EmptyField),
    /// The team that sees it.
    Team(Uuid),
    /// The number is at least, or at most, this.
    Number(NumberField, Bound, Decimal),
    /// The day lies before, or after, this one.
    Day(DayField, Bound, Day),
    /// The next review lies between today and so many days from now.
    ReviewWithinDays(i32),
    /// The next review lies before today.
    ReviewOverdue,
    /// There was no touch for more than so many days, or never one.
    UntouchedDays(i32),
}

/// A side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// At least this; after this day.
    Above,
    /// At most this; before this day.
    Below,
}

macro_rules! fields {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs, reason = "each variant is the field of that name")]
        pub enum $name { $($variant),+ }

        impl $name {
            fn named(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

fields! {
    /// A text that is compared whole.
    TextField { Type = "type", Tier = "tier", Stage = "stage", Tag = "tag", City = "city", State = "state", RiskProfile = "risk_profile", Source = "source" }
}
fields! {
    /// What may have no value.
    EmptyField { Tier = "tier", Stage = "stage", Tag = "tag", RiskProfile = "risk_profile", Source = "source", NextReview = "next_review", ClientSince = "client_since", LastTouch = "last_touch",
        ReviewCadence = "review_cadence_months" }
}
fields! {
    /// A number.
    NumberField { Aum = "aum_usd", HeldAway = "held_away_usd", OpenTasks = "open_tasks", OpenLoops = "open_loops",
        MissingBeneficiaries = "missing_beneficiaries", ReviewCadence = "review_cadence_months" }
}
fields! {
    /// A day.
    DayField { NextReview = "next_review", ClientSince = "client_since", LastTouch = "last_touch" }
}

/// What is wrong with a tree, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadFilter {
    /// JSON pointer (RFC 6901) within the tree.
    pub pointer: String,
    /// What would be right.
    pub message: String,
}

type Result<T> = std::result::Result<T, BadFilter>;

fn bad<T>(pointer: &str, message: impl Into<String>) -> Result<T> {
    Err(BadFilter { pointer: pointer.to_owned(), message: message.into() })
}

impl Node {
    /// Reads a tree.
    ///
    /// # Errors
    /// Names the node that is wrong, and what would be right.
    pub fn parse(value: &Value) -> Result<Self> {
        let mut nodes = 0;
        Self::read(value, "", 1, &mut nodes)
    }

    fn read(value: &Value, at: &str, depth: usize, nodes: &mut usize) -> Result<Self> {
        *nodes += 1;
        if depth > DEEPEST || *nodes > MOST_NODES {
            return bad(at, format!("a filter has at most {MOST_NODES} conditions and {DEEPEST} levels"));
        }
        let Some(object) = value.as_object() else { return bad(at, "must be an object with all, any, not, or field and op") };
        let mut list = |name: &str| -> Result<Vec<Self>> {
            let Some(items) = object[name].as_array() else { return bad(&format!("{at}/{name}"), "must be a list") };
            items.iter().enumerate().map(|(i, item)| Self::read(item, &format!("{at}/{name}/{i}"), depth + 1, nodes)).collect()
        };
        match object.keys().map(String::as_str).collect::<Vec<_>>()[..] {
            ["all"] => Ok(Self::All(list("all")?)),
            ["any"] => Ok(Self::Any(list("any")?)),
            ["not"] => Ok(Self::Not(Box::new(Self::read(&object["not"], &format!("{at}/not"), depth + 1, nodes)?))),
            ["field", "op"] | ["field", "op", "value"] => Ok(Self::Is(Condition::read(object, at)?)),
            _ => bad(at, "must have exactly one of all, any and not, or else field, op and value"),
        }
    }
}

impl Condition {
    fn read(object: &Map<String, Value>, at: &str) -> Result<Self> {
        let word = |name: &str| match object[name].as_str() {
            Some(word) => Ok(word),
            None => bad(&format!("{at}/{name}"), "must be a word"),
        };
        let (field, op) = (word("field")?, word("op")?);
        let value = Operand { value: object.get("value").unwrap_or(&Value::Null), at: format!("{at}/value") };
        let bound = match op {
            "at_least" | "after" => Bound::Above,
            _ => Bound::Below,
        };
        Ok(match (field, op) {
            ("name", "contains") => Self::NameContains(value.text()?),
            ("team_id", "is") => Self::Team(value.uuid()?),
            ("next_review", "within_days") => Self::ReviewWithinDays(value.days()?),
            ("next_review", "overdue") => Self::ReviewOverdue,
            ("last_touch", "older_than_days") => Self::UntouchedDays(value.days()?),
            (_, "empty") if EmptyField::named(field).is_some() => Self::Empty(named(EmptyField::named(field), at)?),
            (_, "is") if TextField::named(field).is_some() => Self::Text(named(TextField::named(field), at)?, value.text()?),
            (_, "at_least" | "at_most") if NumberField::named(field).is_some() => {
                Self::Number(named(NumberField::named(field), at)?, bound, value.number()?)
            }
            (_, "before" | "after") if DayField::named(field).is_some() => {
                Self::Day(named(DayField::named(field), at)?, bound, value.day()?)
            }
            _ => return bad(&format!("{at}/op"), "does not belong to this field; see the description of the operation"),
        })
    }
}

fn named<T>(field: Option<T>, at: &str) -> Result<T> {
    field.map_or_else(|| bad(&format!("{at}/field"), "is no field that can be filtered by"), Ok)
}

/// What a condition compares with.
struct Operand<'a> {
    value: &'a Value,
    at: String,
}

impl Operand<'_> {
    fn text(&self) -> Result<String> {
        match self.value.as_str().map(str::trim) {
            Some(text) if (1..=LONGEST_TEXT).contains(&text.chars().count()) && !text.contains('\0') => Ok(text.to_owned()),
            _ => bad(&self.at, format!("must be a text of 1 to {LONGEST_TEXT} characters")),
        }
    }

    fn uuid(&self) -> Result<Uuid> {
        self.value.as_str().and_then(|text| text.parse().ok()).map_or_else(|| bad(&self.at, "must be an id"), Ok)
    }

    fn days(&self) -> Result<i32> {
        let days = self.value.as_i64().and_then(|n| i32::try_from(n).ok()).filter(|n| (0..=3650).contains(n));
        days.map_or_else(|| bad(&self.at, "must be a number of days from 0 to 3650"), Ok)
    }

    fn number(&self) -> Result<Decimal> {
        let text = self.value.as_str().map(str::to_owned).or_else(|| self.value.as_i64().map(|n| n.to_string()));
        let number = text.filter(|t| t.len() <= 20).and_then(|t| t.parse::<Decimal>().ok());
        number.map_or_else(|| bad(&self.at, "must be a number such as \"250000\", of at most 20 digits"), Ok)
    }

    fn day(&self) -> Result<Day> {
        Day::parse(self.value.as_str().unwrap_or_default()).or_else(|message| bad(&self.at, message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn wrong(tree: &Value) -> BadFilter {
        Node::parse(tree).unwrap_err()
    }

    #[test]
    fn hl_a_tree_is_read_as_it_is_written() {
        let tree = json!({"all": [{"field": "type", "op": "is", "value": "client"}, {"not": {"field": "tag", "op": "is", "value": "quiet"}},
            {"any": [{"field": "aum_usd", "op": "at_least", "value": "1000000"}, {"field": "next_review", "op": "overdue", "value": null}]}]});
        let Node::All(parts) = Node::parse(&tree).unwrap() else { panic!() };
        assert_eq!(parts[0], Node::Is(Condition::Text(TextField::Type, "client".to_owned())));
        assert_eq!(parts[1], Node::Not(Box::new(Node::Is(Condition::Text(TextField::Tag, "quiet".to_owned())))));
        let million = Condition::Number(NumberField::Aum, Bound::Above, Decimal::from(1_000_000));
        assert_eq!(parts[2], Node::Any(vec![Node::Is(million), Node::Is(Condition::ReviewOverdue)]));
    }

    #[test]
    fn hl_what_is_wrong_is_named_where_it_is() {
        for (tree, pointer) in [
            (json!([]), ""),
            (json!({}), ""),
            (json!({"all": 1}), "/all"),
            (json!({"all": [], "any": []}), ""),
            (json!({"all": [{"field": "tier", "op": "is", "value": "A"}, {"field": "tier", "op": "like", "value": "A"}]}), "/all/1/op"),
            (json!({"not": {"field": "ssn", "op": "is", "value": "1"}}), "/not/op"),
            (json!({"field": "aum_usd", "op": "at_least", "value": "many"}), "/value"),
            (json!({"field": "name", "op": "contains", "value": " "}), "/value"),
            (json!({"field": "name", "op": "contains", "value": "a\u{0}b"}), "/value"),
            (json!({"field": "client_since", "op": "before", "value": "1850"}), "/value"),
            (json!({"field": "next_review", "op": "within_days", "value": -1}), "/value"),
            (json!({"field": 3, "op": "is", "value": "x"}), "/field"),
        ] {
            assert_eq!(wrong(&tree).pointer, pointer, "{tree}");
        }
    }

    #[test]
    fn hl_a_tree_has_bounds() {
        let leaf = json!({"field": "tier", "op": "empty"});
        let deep = (0..DEEPEST).fold(leaf.clone(), |inner, _| json!({"not": inner}));
        assert!(wrong(&deep).message.contains("levels"));
        assert!(Node::parse(&json!({"any": vec![leaf.clone(); MOST_NODES - 1]})).is_ok());
        assert!(Node::parse(&json!({"any": vec![leaf; MOST_NODES]})).is_err());
    }
}
