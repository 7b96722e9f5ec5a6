//! RSA signing keys, made at start and never stored.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::SimError;

/// A 2048-bit RSA key with a name.
pub struct SigningKey {
    kid: String,
    pair: RsaKeyPair,
}

impl SigningKey {
    /// A new key named `kid`.
    ///
    /// # Errors
    /// [`SimError::Crypto`] when the key cannot be made.
    pub fn generate(kid: &str) -> Result<Self, SimError> {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| SimError::Crypto)?;
        Ok(Self { kid: kid.to_owned(), pair })
    }

    /// Name of the key.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public half as a JSON Web Key for RS256 signatures.
    #[must_use]
    pub fn jwk(&self) -> Value {
        let public = self.pair.public_key();
        json!({
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid,
            "n": URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero()),
            "e": URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero()),
        })
    }

    /// A token with a usual header (`RS256`, `JWT`, this key's name) over `claims`.
    ///
    /// # Errors
    /// [`SimError::Crypto`] when signing fails.
    pub fn token(&self, claims: &Value) -> Result<String, SimError> {
        self.sign(&json!({ "alg": "RS256", "typ": "JWT", "kid": self.kid }), claims)
    }

    /// A token with any header over any payload. The signature is always RS256, whatever the header says.
    ///
    /// # Errors
    /// [`SimError::Crypto`] when signing fails.
    pub fn sign(&self, header: &Value, payload: &Value) -> Result<String, SimError> {
        self.sign_raw(&header.to_string(), &payload.to_string())
    }

    /// As [`SigningKey::sign`], over texts that need not be good JSON.
    ///
    /// # Errors
    /// [`SimError::Crypto`] when signing fails.
    pub fn sign_raw(&self, header: &str, payload: &str) -> Result<String, SimError> {
        let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), input.as_bytes(), &mut signature).map_err(|_| SimError::Crypto)?;
        Ok(format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}
