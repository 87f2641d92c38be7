//! Walks over the frames of one direction, in pieces of any size, and asks a [`Judge`] what becomes of each.

use super::Taken;
use super::frame::{self, DATA, HEADER_LEN, Header, INCREMENT_LEN, PREFACE, UPDATE_LEN};
use super::judge::{Judge, Verdict, Way};
use super::taken::Progress;
use crate::span::narrow;

/// Where a direction is in its frames.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) struct Walk {
    /// The start of a header, or of a `WINDOW_UPDATE` that is weighed.
    pub(super) held: [u8; UPDATE_LEN as usize],
    len: u8,
    /// Octets that are held behind the header, where that is weighed.
    payload: u8,
    /// What becomes of the last frame, and of the preface before there is one.
    verdict: Verdict,
    /// Octets of it that are still to come; more than that where what came is no preface.
    left: u32,
}

impl Walk {
    /// What is in front of the frames: nothing, or the preface.
    pub(super) const fn new(preface: &[u8], verdict: Verdict) -> Walk {
        Walk {
            held: [0; UPDATE_LEN as usize],
            len: 0,
            payload: 0,
            verdict,
            left: narrow(preface.len()),
        }
    }

    /// Whether that can be what is still to come of the preface, which is swallowed. What is none stays none.
    pub(super) fn is_preface(&mut self, input: &[u8]) -> bool {
        if self.verdict != Verdict::Swallow {
            return true;
        }
        let begun = PREFACE.len().wrapping_sub(self.left as usize);
        let is_it = PREFACE.get(begun..).is_some_and(|expected| {
            let octets = input.get(..expected.len()).unwrap_or(input);
            expected.starts_with(octets)
        });
        if !is_it {
            self.left = u32::MAX;
        }
        is_it
    }

    /// Puts a frame of the upgraded request in front of all others.
    pub(super) fn insert(&mut self, flags: u8, len: usize) -> &[u8] {
        let held = self.held.first_chunk_mut();
        held.map_or(&[], |held| {
            frame::write(held, DATA, flags, len);
            held
        })
    }

    /// Takes octets up to the end of what can pass in one piece.
    pub(super) fn take<'a>(
        &'a mut self,
        way: Way,
        judge: &mut impl Judge,
        input: &'a [u8],
    ) -> Taken<'a> {
        let mut at = Progress::new(input);
        while let Some(rest @ [_, ..]) = input.get(at.used..) {
            if self.verdict == Verdict::Open {
                at.used = input.len();
                break;
            }
            if self.left == 0 {
                if at.released > 0 {
                    break;
                }
                let octets = match rest.first_chunk() {
                    Some(octets) if self.len | self.payload == 0 => octets,
                    _ if self.piece(way, judge, &mut at) => continue,
                    _ => break,
                };
                match self.judge(way, judge, Some(octets)) {
                    Verdict::Wait => break,
                    Verdict::Weigh | Verdict::Open => continue,
                    Verdict::Pass | Verdict::Swallow => self.left += narrow(HEADER_LEN),
                }
            }
            let len = rest.len().min(self.left as usize);
            if self.verdict == Verdict::Swallow {
                if at.has_run() {
                    break;
                }
                at.start += len;
            }
            at.used += len;
            self.left -= narrow(len);
        }
        at.taken(&self.held)
    }

    /// What becomes of a frame with that header, or with the one that is held.
    #[cfg_attr(target_pointer_width = "64", inline(always))]
    fn judge(
        &mut self,
        way: Way,
        judge: &mut impl Judge,
        octets: Option<&[u8; HEADER_LEN]>,
    ) -> Verdict {
        let held = self.held.first_chunk().unwrap_or(&[0; HEADER_LEN]);
        let header = Header(octets.unwrap_or(held));
        let verdict = judge.frame(way, header);
        match verdict {
            Verdict::Weigh => self.payload = INCREMENT_LEN,
            Verdict::Pass | Verdict::Swallow => self.left = header.len(),
            Verdict::Wait | Verdict::Open => {}
        }
        self.verdict = verdict;
        verdict
    }

    /// Octets of a header that comes in pieces, or of a frame that is weighed. `false` where the call must end.
    // It is rare: no part of the loop where speed counts.
    #[cfg_attr(target_pointer_width = "64", inline(never))]
    fn piece(&mut self, way: Way, judge: &mut impl Judge, at: &mut Progress<'_>) -> bool {
        if !self.hold(at, UPDATE_LEN - INCREMENT_LEN + self.payload) {
            return false;
        }
        let passes = if self.payload == 0 {
            match self.judge(way, judge, None) {
                Verdict::Wait => return false,
                Verdict::Weigh => return true,
                verdict => verdict != Verdict::Swallow,
            }
        } else {
            let [.., s3, s2, s1, s0, a, b, c, d] = &mut self.held;
            let stream = u32::from_be_bytes([*s3, *s2, *s1, *s0]);
            let left = judge.weigh(stream, u32::from_be_bytes([*a, *b, *c, *d]));
            [*a, *b, *c, *d] = left.to_be_bytes();
            self.payload = 0;
            left > 0
        };
        if passes {
            at.released = self.len.into();
        }
        self.len = 0;
        true
    }

    /// Takes octets until as many are held as that, and says whether they are.
    fn hold(&mut self, at: &mut Progress<'_>, wanted: u8) -> bool {
        if at.has_run() {
            return false;
        }
        let mut len = self.len;
        // At once, where speed counts.
        if cfg!(target_pointer_width = "64") && (len, wanted) == (0, UPDATE_LEN) {
            if let Some(update) = at.rest().first_chunk() {
                self.held = *update;
                len = wanted;
                at.used += usize::from(len);
            }
        }
        while len < wanted {
            let place = self.held.get_mut(usize::from(len));
            let (Some(place), Some(octet)) = (place, at.input.get(at.used)) else {
                break;
            };
            *place = *octet;
            len += 1;
            at.used += 1;
        }
        at.start = at.used;
        self.len = len;
        len >= wanted
    }
}
