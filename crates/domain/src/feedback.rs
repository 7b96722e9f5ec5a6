//! Feedback: what users tell us about the product. Names the kind of page and never a row, a person or an address.

use uuid::Uuid;

use crate::fact::Patch;
use crate::ids::{FeedbackId, UserId};
use crate::text::{Answer, FeedbackText};
use crate::time::Ts;
use crate::words;

words! {
    /// How a piece of feedback stands.
    FeedbackStatus {
        /// Nobody has looked at it.
        New = "new",
        /// Looked at.
        Seen = "seen",
        /// Done.
        Done = "done",
        /// Will not be done.
        Declined = "declined",
    }
}

/// The pattern of a page's address, such as `/households/$id`: at most 200 lower-case letters, `$`, `-`, `_`
/// and `/`. No id has only those.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(transparent)]
pub struct PagePattern(String);

impl PagePattern {
    /// The pattern itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> serde::Deserialize<'de> for PagePattern {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let page = String::deserialize(d)?;
        let plain = |b: u8| b.is_ascii_lowercase() || b"$/_-".contains(&b);
        if page.starts_with('/') && page.len() <= 200 && page.bytes().all(plain) {
            Ok(Self(page))
        } else {
            Err(serde::de::Error::custom("must be the pattern of a page's address such as /households/$id"))
        }
    }
}

impl utoipa::PartialSchema for PagePattern {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::schema::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .pattern(Some("^/[a-z$/_-]{0,199}$"))
            .into()
    }
}

impl utoipa::ToSchema for PagePattern {}

/// A piece of feedback.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct Feedback {
    /// Identifier.
    pub id: FeedbackId,
    /// Whose it is.
    pub user_id: UserId,
    /// Their name.
    pub user_name: String,
    /// What they wrote.
    pub text: String,
    /// The pattern of the page's address.
    pub page: String,
    /// The last request that failed on it.
    pub request_id: Option<Uuid>,
    /// How it stands.
    pub status: FeedbackStatus,
    /// What became of it, in words.
    pub answer: Option<String>,
    /// Version, for changing it.
    pub version: i32,
    /// When it was sent.
    pub created_at: Ts,
}

/// A new piece of feedback.
#[derive(Debug, Clone, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FeedbackCreate {
    /// What one has to say.
    pub text: FeedbackText,
    /// The pattern of the page's address.
    pub page: PagePattern,
    /// The last request that failed on it, as its answer named it.
    pub request_id: Option<Uuid>,
}

/// A decision about a piece of feedback.
#[derive(Debug, Clone, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FeedbackChange {
    /// The version that was seen.
    pub version: i32,
    /// How it stands.
    pub status: Option<FeedbackStatus>,
    /// What became of it, in words.
    #[serde(default)]
    #[schema(value_type = Option<Answer>)]
    pub answer: Patch<Option<Answer>>,
}
