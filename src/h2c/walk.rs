//! Walks over the frames of one direction, in pieces of any size, and asks a [`Judge`] what becomes of each.

use super::frame::{HEADER_LEN, Header, UPDATE_LEN};
use super::judge::{Judge, Verdict};
use super::taken::Progress;
use super::{BridgeError, Taken};
use crate::span::narrow;

/// Where a direction is in its frames.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) struct Walk {
    /// The start of a header, or of a `WINDOW_UPDATE` that is weighed.
    held: [u8; UPDATE_LEN],
    len: u8,
    /// What becomes of the last frame.
    verdict: Verdict,
    /// Octets of it that are still to come; without end where there are no frames any more.
    left: u32,
}

impl Walk {
    pub(super) const fn new() -> Walk {
        Walk {
            held: [0; UPDATE_LEN],
            len: 0,
            verdict: Verdict::Pass,
            left: 0,
        }
    }

    /// Puts a frame of the bridge's own in front of all others.
    pub(super) fn insert<'a>(
        &'a mut self,
        header: [u8; HEADER_LEN],
        payload: &'a [u8],
    ) -> Taken<'a> {
        let mut first: &[u8] = &[];
        if let Some(held) = self.held.first_chunk_mut() {
            *held = header;
            first = held;
        }
        Taken {
            used: payload.len(),
            parts: [first, payload],
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
            let goes_on = if self.left > 0 {
                self.pass(rest.len(), &mut at)
            } else {
                self.header(rest, &mut at, judge)?
            };
            if !goes_on {
                break;
            }
        }
        Ok(Taken {
            used: at.used,
            parts: [
                self.held.get(..at.released).unwrap_or_default(),
                input.get(at.start..at.used).unwrap_or_default(),
            ],
        })
    }

    /// Octets of a frame that was judged. `false` where the call must end first.
    fn pass(&mut self, len: usize, at: &mut Progress) -> bool {
        let len = len.min(self.left as usize);
        if self.verdict != Verdict::Swallow {
            at.used += len;
        } else if at.has_run() {
            return false;
        } else {
            at.skip(len);
        }
        if self.verdict != Verdict::Open {
            self.left -= narrow(len);
        }
        true
    }

    /// Octets of a header, or of a frame that is weighed. `false` where the call must end first.
    fn header(
        &mut self,
        mut rest: &[u8],
        at: &mut Progress,
        judge: &mut dyn Judge,
    ) -> Result<bool, BridgeError> {
        let octets = match rest.first_chunk() {
            _ if at.released > 0 => return Ok(false),
            Some(octets) if self.len == 0 => octets,
            _ if at.has_run() => return Ok(false),
            _ => {
                let taken = self.hold(rest, HEADER_LEN);
                at.skip(taken);
                rest = rest.get(taken..).unwrap_or_default();
                if usize::from(self.len) < HEADER_LEN {
                    return Ok(true);
                }
                self.held.first_chunk().unwrap_or(&[0; HEADER_LEN])
            }
        };
        let header = Header::read(octets);
        let is_held = self.len > 0;
        let verdict = judge.frame(&header);
        match verdict {
            Verdict::Fault(error) => return Err(error),
            Verdict::Wait => return Ok(false),
            Verdict::Weigh => return Ok(self.weigh(rest, at, header.stream, judge)),
            Verdict::Pass | Verdict::Open if is_held => at.released = HEADER_LEN,
            _ => {}
        }
        self.len = 0;
        self.verdict = verdict;
        self.left = match verdict {
            Verdict::Open => u32::MAX,
            _ if is_held => header.len,
            _ => header.len + narrow(HEADER_LEN),
        };
        Ok(true)
    }

    /// Octets of a `WINDOW_UPDATE`, which passes with what is left of its increment. `false` where the call must end first.
    fn weigh(
        &mut self,
        rest: &[u8],
        at: &mut Progress,
        stream: u32,
        judge: &mut dyn Judge,
    ) -> bool {
        if at.has_run() {
            return false;
        }
        at.skip(self.hold(rest, UPDATE_LEN));
        if usize::from(self.len) < UPDATE_LEN {
            return true;
        }
        let [.., a, b, c, d] = &mut self.held;
        let increment = u32::from_be_bytes([*a, *b, *c, *d]) & 0x7fff_ffff;
        let left = judge.weigh(stream, increment);
        [*a, *b, *c, *d] = left.to_be_bytes();
        self.len = 0;
        if left > 0 {
            at.released = UPDATE_LEN;
        }
        true
    }

    /// Takes octets until as many are held as that, and says how many were taken.
    #[inline(never)]
    fn hold(&mut self, octets: &[u8], wanted: usize) -> usize {
        let held = self.held.get_mut(..wanted).unwrap_or_default();
        let free = held.iter_mut().skip(usize::from(self.len));
        let mut taken = 0;
        for (to, from) in free.zip(octets) {
            *to = *from;
            taken += 1;
        }
        self.len += taken;
        usize::from(taken)
    }
}
