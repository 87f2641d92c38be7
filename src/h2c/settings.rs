//! HTTP2-Settings: the payload of a SETTINGS frame in base64url (RFC 7540 sections 3.2.1 and 6.5).

use heapless::Vec;

use super::base64url::{CHARACTERS, bits};
use crate::Misuse;
use crate::websocket::handshake::base64;
use crate::write::Writer;

/// The most settings in one HTTP2-Settings field that the crate holds; a field with more is no offer of h2c.
pub const MAX_SETTINGS: usize = 16;

/// The characters of as many as that.
const LONGEST: usize = MAX_SETTINGS * CHARACTERS;

/// One setting (RFC 7540 section 6.5.1).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Setting {
    /// The identifier, such as 3 for `SETTINGS_MAX_CONCURRENT_STREAMS`.
    pub id: u16,
    /// The value.
    pub value: u32,
}

/// Whether those are the bits of an identifier, and of a value that it takes (RFC 7540 section 6.5.2).
#[allow(clippy::cast_possible_truncation)]
const fn is_legal(bits: u64) -> bool {
    let value = bits as u32;
    match (bits >> 32) as u32 {
        2 => value <= 1,
        4 => value <= 0x7fff_ffff,
        5 => 0x4000 <= value && value <= 0x00ff_ffff,
        id => id <= 0xffff,
    }
}

/// Why a value is no HTTP2-Settings.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum SettingsError {
    /// The value is empty: no token68 (RFC 7540 section 3.2.1).
    Empty,
    /// The length is no multiple of 8 characters, six octets (RFC 7540 section 6.5).
    BadLength,
    /// A character that base64url does not have, or padding (RFC 7540 section 3.2.1).
    BadCharacter,
    /// `ENABLE_PUSH` not 0 or 1, `INITIAL_WINDOW_SIZE` above 2^31-1, `MAX_FRAME_SIZE` outside 2^14 to 2^24-1 (section 6.5.2).
    BadValue(Setting),
    /// More than [`MAX_SETTINGS`].
    TooMany,
}

impl core::fmt::Display for SettingsError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            SettingsError::Empty => f.write_str("the value is empty"),
            SettingsError::BadLength => f.write_str("the length is no multiple of 8 characters"),
            SettingsError::BadCharacter => f.write_str("a character that base64url does not have"),
            SettingsError::BadValue(setting) => {
                write!(f, "setting {} may not be {}", setting.id, setting.value)
            }
            SettingsError::TooMany => write!(f, "more than {MAX_SETTINGS} settings"),
        }
    }
}

impl core::error::Error for SettingsError {}

/// The settings of an HTTP2-Settings field, in their order.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Settings(Vec<Setting, MAX_SETTINGS>);

#[cfg(feature = "defmt")]
impl defmt::Format for Settings {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "Settings({})", self.0.as_slice());
    }
}

impl Settings {
    /// Decodes the value of an HTTP2-Settings field.
    ///
    /// # Errors
    ///
    /// A [`SettingsError`] for each rule that a value can break. Unknown identifiers are no error (RFC 7540 section 6.5.2).
    pub fn decode(value: &[u8]) -> Result<Settings, SettingsError> {
        if value.is_empty() {
            return Err(SettingsError::Empty);
        }
        let groups = value.chunks_exact(CHARACTERS);
        if !groups.remainder().is_empty() {
            return Err(SettingsError::BadLength);
        }
        let mut settings = Settings::default();
        for group in groups {
            let setting = decode(group).ok_or(SettingsError::BadCharacter)?;
            settings.push(setting)?;
        }
        Ok(settings)
    }

    /// Adds a setting.
    ///
    /// # Errors
    ///
    /// [`SettingsError::BadValue`] and [`SettingsError::TooMany`].
    pub fn push(&mut self, setting: Setting) -> Result<(), SettingsError> {
        if !is_legal(u64::from(setting.id) << 32 | u64::from(setting.value)) {
            return Err(SettingsError::BadValue(setting));
        }
        self.0.push(setting).map_err(|_| SettingsError::TooMany)
    }

    /// Writes the value of an HTTP2-Settings field and says how long it is: eight characters a setting.
    ///
    /// # Errors
    ///
    /// [`Misuse::BufferTooSmall`].
    pub fn encode(&self, out: &mut [u8]) -> Result<usize, Misuse> {
        let mut writer = Writer::new(out);
        self.write(|characters| {
            writer.bytes(characters);
        });
        writer.finish()
    }

    /// Encodes the value of an HTTP2-Settings field, eight characters at a time.
    pub(crate) fn write(&self, mut write: impl FnMut(&[u8])) {
        for setting in self.iter() {
            write(&encode_group(setting));
        }
    }

    /// The settings in their order; of several with one identifier the last counts (RFC 7540 section 6.5.3).
    pub fn iter(&self) -> impl Iterator<Item = Setting> + '_ {
        self.0.iter().copied()
    }

    /// The value of that identifier, if it is there.
    #[must_use]
    pub fn get(&self, id: u16) -> Option<u32> {
        self.0
            .iter()
            .rev()
            .find(|setting| setting.id == id)
            .map(|setting| setting.value)
    }
}

/// Eight characters for six octets: base64, but for the last two digits (RFC 4648 section 5).
#[inline(never)]
fn encode_group(setting: Setting) -> [u8; CHARACTERS] {
    let [id_high, id_low] = setting.id.to_be_bytes();
    let [a, b, c, d] = setting.value.to_be_bytes();
    let mut characters = [0; CHARACTERS];
    base64(&[id_high, id_low, a, b, c, d], &mut characters);
    for character in &mut characters {
        match character {
            b'+' => *character = b'-',
            b'/' => *character = b'_',
            _ => {}
        }
    }
    characters
}

/// Whether [`Settings::decode`] takes that value, without the room for what it says.
pub(crate) fn is_valid(value: &[u8]) -> bool {
    if !matches!(value.len(), 1..=LONGEST) {
        return false;
    }
    let mut rest = value;
    while let Some((group, behind)) = rest.split_at_checked(CHARACTERS) {
        if !is_legal(bits(group)) {
            return false;
        }
        rest = behind;
    }
    rest.is_empty()
}

/// The octets of a valid value, six at a time.
pub(super) fn octets(value: &[u8], to: &mut impl FnMut(&[u8])) {
    let mut rest = value;
    while let Some((group, behind)) = rest.split_at_checked(CHARACTERS) {
        to(bits(group).to_be_bytes().get(2..).unwrap_or_default());
        rest = behind;
    }
}

#[allow(clippy::cast_possible_truncation)]
fn decode(group: &[u8]) -> Option<Setting> {
    let bits = bits(group);
    let id = u16::try_from(bits >> 32).ok()?;
    Some(Setting {
        id,
        value: bits as u32,
    })
}
