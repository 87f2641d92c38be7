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
    pub(super) held: [u8; UPDATE_LEN],
    len: u8,
    /// Octets that are held behind the header, where that is weighed.
    payload: u8,
    /// What becomes of the last frame, and of the preface before there is one.
    pub(super) verdict: Verdict,
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
        let is_it = PREFACE
            .get(begun..)
            .is_some_and(|expected| expected.iter().zip(input).all(|(a, b)| a == b));
        if !is_it {
            self.left = ENDLESS;
        }
        is_it
    }

    /// Puts a frame of the upgraded request in front of all others.
    pub(super) fn insert(&mut self, flags: u8, len: usize, at: &mut Progress<'_>) {
        if let Some(held) = self.held.first_chunk_mut() {
            *held = frame::header(DATA, flags, len);
        }
        at.released = HEADER_LEN;
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
                Some(octets) if self.len | self.payload == 0 => octets,
                _ if self.hold(&mut at) => self.held.first_chunk().unwrap_or(&[0; HEADER_LEN]),
                _ => break,
            };
            let header = Header(octets);
            if self.payload == 0 {
                self.verdict = judge.frame(way, header);
                if self.verdict == Verdict::Wait {
                    break;
                }
                if self.verdict == Verdict::Weigh {
                    self.payload = INCREMENT_LEN;
                    continue;
                }
                self.left = if self.verdict == Verdict::Open {
                    ENDLESS
                } else {
                    header.len()
                };
            } else {
                let stream = header.stream();
                let [.., a, b, c, d] = &mut self.held;
                let left = judge.weigh(stream, u32::from_be_bytes([*a, *b, *c, *d]));
                [*a, *b, *c, *d] = left.to_be_bytes();
                self.verdict = if left > 0 {
                    Verdict::Pass
                } else {
                    Verdict::Swallow
                };
                self.payload = 0;
            }
            if self.len == 0 {
                self.left += narrow(HEADER_LEN);
            } else if self.verdict != Verdict::Swallow {
                at.released = self.len.into();
            }
            self.len = 0;
        }
        at.taken(&self.held)
    }

    /// Takes octets until as many are held as that, and says whether they are.
    #[cfg_attr(not(target_pointer_width = "64"), inline(never))]
    fn hold(&mut self, at: &mut Progress<'_>) -> bool {
        if at.has_run() {
            return false;
        }
        let wanted = HEADER_LEN + usize::from(self.payload);
        let mut len = usize::from(self.len);
        while len < wanted {
            let (Some(octet), Some(place)) = (at.input.get(at.used), self.held.get_mut(len)) else {
                break;
            };
            *place = *octet;
            len += 1;
            at.used += 1;
        }
        at.start = at.used;
        self.len = len as u8;
        len >= wanted
    }
}
