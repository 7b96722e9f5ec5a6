//! Pure cryptography: sealed columns. Must not know the database or HTTP.
