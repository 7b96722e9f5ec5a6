//! Test support: per-test database, TestApp, fixtures. Development only.
