//! Flow control: how much DATA the client takes (RFC 9113 section 5.2).

use super::frames::{ErrorCode, STREAM};

/// The setting of that name.
pub const INITIAL_WINDOW_SIZE: u16 = 4;

const DEFAULT: i64 = 65_535;
const LARGEST: i64 = 0x7fff_ffff;

/// The windows for stream 1 and for the connection. That of a stream can fall below zero, when the client changes its mind.
pub struct Windows {
    initial: i64,
    stream: i64,
    connection: i64,
}

impl Windows {
    pub const fn new() -> Windows {
        Windows {
            initial: DEFAULT,
            stream: DEFAULT,
            connection: DEFAULT,
        }
    }

    /// How many bytes may be sent.
    pub fn open(&self) -> usize {
        usize::try_from(self.stream.min(self.connection)).unwrap_or(0)
    }

    pub fn take(&mut self, sent: usize) {
        let sent = i64::try_from(sent).unwrap_or(LARGEST);
        self.stream -= sent;
        self.connection -= sent;
    }

    /// The client's `SETTINGS_INITIAL_WINDOW_SIZE` changes the window of a stream in between (RFC 9113 section 6.9.2).
    pub fn set_initial(&mut self, value: u32) -> Result<(), ErrorCode> {
        let value = i64::from(value);
        let stream = self.stream + value - self.initial;
        if value > LARGEST || stream > LARGEST {
            return Err(ErrorCode::FLOW_CONTROL);
        }
        (self.initial, self.stream) = (value, stream);
        Ok(())
    }

    /// `WINDOW_UPDATE`.
    pub fn widen(&mut self, stream: u32, increment: u32) -> Result<(), ErrorCode> {
        let window = match stream {
            0 => &mut self.connection,
            STREAM => &mut self.stream,
            _ => return Ok(()), // a stream that is not served
        };
        if increment == 0 {
            return Err(ErrorCode::PROTOCOL);
        }
        let widened = *window + i64::from(increment);
        if widened > LARGEST {
            return Err(ErrorCode::FLOW_CONTROL);
        }
        *window = widened;
        Ok(())
    }
}
