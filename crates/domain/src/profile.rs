//! What somebody prefers about their own writing (EM-3) and their list of households, and how they sign in.

use crate::directory::Identity;
use crate::fact::Patch;
use crate::ids::ViewId;
use crate::text::Signature;
use crate::words;

words! {
    /// The tone of e-mail drafts.
    #[derive(Default)]
    Tone {
        /// Professional and warm.
        #[default]
        ProfessionalWarm = "professional-warm",
        /// Formal.
        Formal = "formal",
        /// Conversational.
        Conversational = "conversational",
    }
}

words! {
    /// How a signature is written.
    #[derive(Default)]
    SignatureFormat {
        /// As it stands.
        #[default]
        Plain = "plain",
        /// Markdown.
        Markdown = "markdown",
    }
}

/// What somebody prefers.
#[derive(Debug, Clone, Default, serde::Serialize, utoipa::ToSchema)]
pub struct Preferences {
    /// The tone of e-mail drafts.
    pub email_tone: Tone,
    /// What stands under an e-mail draft.
    pub signature: Option<String>,
    /// How the signature is written.
    pub signature_format: SignatureFormat,
    /// The saved view with which the list of households begins, while one sees it.
    pub default_view_id: Option<ViewId>,
}

/// One's own profile.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct Profile {
    /// What one prefers.
    #[serde(flatten)]
    pub preferences: Preferences,
    /// The identities one may sign in with, the oldest first.
    pub identities: Vec<Identity>,
}

/// A change of one's own profile: only the fields that are named.
#[derive(Debug, Clone, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileChange {
    /// The tone of e-mail drafts.
    pub email_tone: Option<Tone>,
    /// What stands under an e-mail draft; `null` for nothing.
    #[serde(default)]
    #[schema(value_type = Option<Signature>)]
    pub signature: Patch<Option<Signature>>,
    /// How the signature is written.
    pub signature_format: Option<SignatureFormat>,
    /// The saved view with which the list of households begins; `null` for all of them.
    #[serde(default)]
    #[schema(value_type = Option<ViewId>)]
    pub default_view_id: Patch<Option<ViewId>>,
}
