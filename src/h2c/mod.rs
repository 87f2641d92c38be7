//! HTTP/2 over cleartext by upgrade (RFC 7540 section 3.2, retired by RFC 9113).

mod settings;

pub use settings::{MAX_SETTINGS, Setting, Settings, SettingsError};
