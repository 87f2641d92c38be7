//! Walks over the frames of one direction, in pieces of any size, and asks a [`Judge`] what becomes of each.

use super::Taken;
use super::frame::{HEADER_LEN, Header, UPDATE_LEN};
use super::judge::{Judge, Verdict};
use super::taken::Progress;
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

/// More than is in any slice.
const ENDLESS: u32 = u32::MAX >> 1;

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
    pub(super) fn take<'a>(&'a mut self, input: &'a [u8], judge: &mut dyn Judge) -> Taken<'a> {
        let mut at = Progress::default();
        while let Some(rest @ [_, ..]) = input.get(at.used..) {
            let goes_on = if self.left > 0 {
                self.pass(rest.len(), &mut at)
            } else {
                self.header(rest, &mut at, judge)
            };
            if !goes_on {
                break;
            }
        }
        Taken {
            used: at.used,
            parts: [
                self.held.get(..at.released).unwrap_or_default(),
                input.get(at.start..at.used).unwrap_or_default(),
            ],
        }
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
    fn header(&mut self, mut rest: &[u8], at: &mut Progress, judge: &mut dyn Judge) -> bool {
        let octets = match rest.first_chunk() {
            _ if at.released > 0 => return false,
            Some(octets) if self.len == 0 => octets,
            _ if at.has_run() => return false,
            _ => {
                let taken = self.hold(rest, HEADER_LEN);
                at.skip(taken);
                rest = rest.get(taken..).unwrap_or_default();
                if usize::from(self.len) < HEADER_LEN {
                    return true;
                }
                self.held.first_chunk().unwrap_or(&[0; HEADER_LEN])
            }
        };
        let header = Header::read(octets);
        let verdict = judge.frame(&header);
        self.left = match verdict {
            Verdict::Wait => return false,
            Verdict::Weigh => return self.weigh(rest, at, &header, judge),
            Verdict::Open => ENDLESS,
            Verdict::Pass | Verdict::Swallow => header.len,
        };
        self.verdict = verdict;
        if self.len == 0 {
            self.left += narrow(HEADER_LEN);
        } else if verdict != Verdict::Swallow {
            at.released = HEADER_LEN;
        }
        self.len = 0;
        true
    }

    /// Octets of a `WINDOW_UPDATE`, which passes with what is left of its increment. `false` where the call must end first.
    fn weigh(
        &mut self,
        rest: &[u8],
        at: &mut Progress,
        header: &Header,
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
        let left = judge.weigh(header, u32::from_be_bytes([*a, *b, *c, *d]));
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
