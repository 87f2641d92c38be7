//! Walks over the frames of one direction, in pieces of any size, and asks a [`Judge`] what becomes of each.

use super::BridgeError;
use super::frame::{self, DATA, HEADER_LEN, Header, PREFACE, UPDATE_LEN};
use super::judge::{Judge, Verdict, Way};
use super::taken::Progress;
use crate::span::narrow;

/// Where a direction is in its frames.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(super) struct Walk {
    /// The start of a header, or of a `WINDOW_UPDATE` that is weighed.
    pub(super) held: [u8; UPDATE_LEN],
    len: u8,
    /// What becomes of the last frame, and of the preface before there is one.
    pub(super) verdict: Verdict,
    /// What the judge looks for has come.
    found: bool,
    /// Octets of it that are still to come; without end where there are no frames any more.
    left: u32,
}

/// More than is in any slice.
const ENDLESS: u32 = u32::MAX >> 1;

impl Walk {
    /// What is in front of the frames: nothing, or the preface.
    pub(super) const fn new(preface: &[u8], verdict: Verdict) -> Walk {
        Walk {
            held: [0; UPDATE_LEN],
            len: 0,
            verdict,
            found: false,
            left: narrow(preface.len()),
        }
    }

    /// Looks whether that is what is still to come of the preface, which is swallowed.
    pub(super) fn compare_preface(&mut self, input: &[u8]) {
        if self.verdict == Verdict::Swallow {
            let begun = PREFACE.len().wrapping_sub(self.left as usize);
            let expected = PREFACE.get(begun..).unwrap_or_default();
            if expected.iter().zip(input).any(|(a, b)| a != b) {
                self.verdict = Verdict::Fault(BridgeError::BadPreface);
            }
        }
    }

    /// Puts a frame of the upgraded request in front of all others.
    pub(super) fn insert(&mut self, flags: u8, len: u16, at: &mut Progress<'_>) {
        if let Some(held) = self.held.first_chunk_mut() {
            *held = frame::header(DATA, flags, len.into());
        }
        at.released = HEADER_LEN;
    }

    /// Takes octets up to the end of what can pass in one piece.
    pub(super) fn take(&mut self, way: Way, judge: &mut impl Judge, at: &mut Progress<'_>) {
        loop {
            let rest = at.rest();
            if rest.is_empty() || matches!(self.verdict, Verdict::Fault(_)) {
                break;
            }
            if self.left > 0 {
                let len = rest.len().min(self.left as usize);
                if self.verdict == Verdict::Swallow {
                    if at.has_run() {
                        break;
                    }
                    at.start += len;
                }
                at.used += len;
                if self.verdict != Verdict::Open {
                    self.left -= narrow(len);
                }
                continue;
            }
            if at.released > 0 {
                break;
            }
            let octets = match rest.first_chunk() {
                Some(octets) if self.len == 0 => octets,
                _ if self.hold(at, HEADER_LEN) => {
                    self.held.first_chunk().unwrap_or(&[0; HEADER_LEN])
                }
                _ => break,
            };
            let header = Header::read(octets);
            let verdict = judge.frame(way, &mut self.found, &header);
            self.left = match verdict {
                Verdict::Wait => break,
                Verdict::Fault(_) => {
                    self.verdict = verdict;
                    break;
                }
                Verdict::Weigh => {
                    if !self.hold(at, UPDATE_LEN) {
                        break;
                    }
                    let [.., a, b, c, d] = &mut self.held;
                    let left = judge.weigh(&header, u32::from_be_bytes([*a, *b, *c, *d]));
                    [*a, *b, *c, *d] = left.to_be_bytes();
                    if left > 0 {
                        at.released = UPDATE_LEN;
                    }
                    self.len = 0;
                    continue;
                }
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
        }
    }

    /// Takes octets until as many are held as that, and says whether they are.
    #[inline(never)]
    fn hold(&mut self, at: &mut Progress<'_>, wanted: usize) -> bool {
        if at.has_run() {
            return false;
        }
        while usize::from(self.len) < wanted {
            let Some(octet) = at.input.get(at.used) else {
                return false;
            };
            if let Some(place) = self.held.get_mut(usize::from(self.len)) {
                *place = *octet;
            }
            self.len += 1;
            at.used += 1;
            at.start += 1;
        }
        true
    }
}
