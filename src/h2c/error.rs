//! How a peer can break the rules that hold for the start of HTTP/2.

/// What the peer sent behind the 101 is not HTTP/2. The engine has seen none of it; the connection ends.
///
/// Everything behind the start is left to the engine.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum BridgeError {
    /// The client does not begin with `PRI * HTTP/2.0`, blank line, `SM`, blank line (RFC 7540 section 3.5).
    BadPreface,
    /// The first frame is not SETTINGS, or acknowledges some (RFC 7540 section 3.5).
    SettingsNotFirst,
}

impl core::fmt::Display for BridgeError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            BridgeError::BadPreface => "no HTTP/2 connection preface behind the 101",
            BridgeError::SettingsNotFirst => "the first frame of HTTP/2 is not SETTINGS",
        })
    }
}

impl core::error::Error for BridgeError {}
