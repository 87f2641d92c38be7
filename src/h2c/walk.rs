//! Walks over the frames of one direction, in pieces of any size, and asks a [`Judge`] what becomes of each.

use super::frame::{HEADER_LEN, Header, UPDATE_LEN};
use super::judge::{Judge, Verdict};
use super::taken::Progress;
use super::{BridgeError, Taken};
use crate::span::narrow;

/// What happens to the rest of a frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
enum Fate {
    Pass,
    Swallow,
    /// It is held until it is complete.
    Weigh,
    /// There are no frames any more.
    Open,
}

/// Where a direction is in its frames.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) struct Walk {
    /// The start of a header, or of a `WINDOW_UPDATE` that is weighed.
    held: [u8; UPDATE_LEN],
    len: u8,
    fate: Fate,
    /// Octets of the payload that are still to come.
    left: u32,
}

impl Walk {
    pub(super) const fn new() -> Walk {
        Walk {
            held: [0; UPDATE_LEN],
            len: 0,
            fate: Fate::Pass,
            left: 0,
        }
    }

    /// Puts a frame of the bridge's own in front of all others.
    pub(super) fn insert<'a>(&'a mut self, header: Header, payload: &'a [u8]) -> Taken<'a> {
        self.hold(&header.octets());
        self.len = 0;
        Taken {
            used: payload.len(),
            parts: [self.held.get(..HEADER_LEN).unwrap_or_default(), payload],
        }
    }

    /// Takes octets up to the end of what can pass in one piece.
    pub(super) fn take<'a>(
        &'a mut self,
        input: &'a [u8],
        judge: &mut dyn Judge,
    ) -> Result<Taken<'a>, BridgeError> {
        let mut at = Progress::default();
        while let Some(rest @ [_, ..]) = input.get(at.used..) {
            if self.fate == Fate::Open {
                at.pass(rest.len());
            } else if self.left > 0 {
                self.payload(rest, &mut at);
            } else if !self.header(rest, &mut at, judge)? {
                break;
            }
        }
        Ok(Taken {
            used: at.used,
            parts: [
                self.held.get(..at.released).unwrap_or_default(),
                input.get(at.start..at.end).unwrap_or_default(),
            ],
        })
    }

    /// Octets of a payload.
    fn payload(&mut self, rest: &[u8], at: &mut Progress) {
        let len = rest.len().min(self.left as usize);
        if self.fate == Fate::Swallow {
            at.used += len;
        } else {
            at.pass(len);
        }
        self.left = self.left.saturating_sub(narrow(len));
    }

    /// Octets of a header, or of a frame that is weighed. `false` where the call must end first.
    fn header(
        &mut self,
        rest: &[u8],
        at: &mut Progress,
        judge: &mut dyn Judge,
    ) -> Result<bool, BridgeError> {
        if at.has_gap() || at.released > 0 {
            return Ok(false);
        }
        if let (0, Some(octets)) = (self.len, rest.first_chunk()) {
            return self.whole_header(octets, at, judge);
        }
        let wanted = match self.fate {
            Fate::Weigh => UPDATE_LEN,
            _ => HEADER_LEN,
        };
        let missing = wanted.saturating_sub(usize::from(self.len));
        at.used += self.hold(rest.get(..missing).unwrap_or(rest));
        match self.fate {
            _ if usize::from(self.len) < wanted => Ok(true),
            Fate::Weigh => {
                at.released = self.weigh(judge);
                Ok(true)
            }
            _ => self.held_header(at, judge),
        }
    }

    /// A header that lies in the input as a whole.
    fn whole_header(
        &mut self,
        octets: &[u8; HEADER_LEN],
        at: &mut Progress,
        judge: &mut dyn Judge,
    ) -> Result<bool, BridgeError> {
        let header = Header::read(*octets);
        let verdict = judge.frame(header);
        match verdict {
            Verdict::Pass => at.pass(HEADER_LEN),
            Verdict::Swallow => at.used += HEADER_LEN,
            Verdict::Weigh if at.has_run() => return Ok(false),
            Verdict::Weigh => at.used += self.hold(octets),
            Verdict::Open => {}
            Verdict::Wait => return Ok(false),
            Verdict::Fault(error) => return Err(error),
        }
        self.enter(verdict, header);
        Ok(true)
    }

    /// A header that came in pieces: what passes of it is released.
    fn held_header(
        &mut self,
        at: &mut Progress,
        judge: &mut dyn Judge,
    ) -> Result<bool, BridgeError> {
        let header = Header::read(self.held.first_chunk().copied().unwrap_or_default());
        let verdict = judge.frame(header);
        match verdict {
            Verdict::Pass | Verdict::Open => at.released = HEADER_LEN,
            Verdict::Swallow | Verdict::Weigh => {}
            Verdict::Wait => return Ok(false),
            Verdict::Fault(error) => return Err(error),
        }
        if verdict != Verdict::Weigh {
            self.len = 0;
        }
        self.enter(verdict, header);
        Ok(true)
    }

    /// Behind the header of a frame that was judged.
    const fn enter(&mut self, verdict: Verdict, header: Header) {
        (self.fate, self.left) = match verdict {
            Verdict::Swallow => (Fate::Swallow, header.len),
            Verdict::Weigh => (Fate::Weigh, 0),
            Verdict::Open => (Fate::Open, 0),
            _ => (Fate::Pass, header.len),
        };
    }

    /// A `WINDOW_UPDATE` that is complete: how many of the octets that are held pass.
    fn weigh(&mut self, judge: &mut dyn Judge) -> usize {
        let header = Header::read(self.held.first_chunk().copied().unwrap_or_default());
        let [.., a, b, c, d] = &mut self.held;
        let increment = u32::from_be_bytes([*a & 0x7f, *b, *c, *d]);
        let rest = judge.weigh(header.stream, increment);
        [*a, *b, *c, *d] = rest.to_be_bytes();
        self.len = 0;
        self.fate = Fate::Pass;
        if rest > 0 { UPDATE_LEN } else { 0 }
    }

    /// Adds what there is room for, which is all, and says how many octets that are.
    fn hold(&mut self, octets: &[u8]) -> usize {
        let free = self.held.iter_mut().skip(usize::from(self.len));
        let mut held = 0;
        for (to, from) in free.zip(octets) {
            *to = *from;
            held += 1;
        }
        self.len = self.len.saturating_add(held);
        usize::from(held)
    }
}
