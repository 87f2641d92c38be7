//! Takes bytes: heads and content.

use super::core::Core;
use super::state::{Event, State};
use crate::Error;
use crate::content::{self, Content};
use crate::head::{Lines, Progress};
use crate::request::{self, Circumstances, Facts};
use crate::span::narrow;
use crate::write::copy;

impl Core<'_> {
    pub(super) fn receive(&mut self, storage: &mut [u8], input: &[u8]) -> usize {
        if self.state == State::Head {
            self.receive_head(storage, input)
        } else {
            self.policy.skip.skip(self, input)
        }
    }

    /// Content that is skipped. Apart from heads, which are the most.
    #[inline(never)]
    pub(super) fn skip(&mut self, input: &[u8]) -> usize {
        let mut used = 0;
        while self.state.receives_content() && used < input.len() {
            let (taken, _) = self.take_content(input.get(used..).unwrap_or_default(), false);
            used += taken;
        }
        used
    }

    pub(super) fn receive_content<'i>(
        &mut self,
        storage: &mut [u8],
        input: &'i [u8],
    ) -> (usize, &'i [u8]) {
        let (used, run) = match self.state {
            _ if input.is_empty() => (0, 0),
            State::Head => (self.receive_head(storage, input), 0),
            State::AcceptContent | State::RespondContent => self.take_content(input, true),
            State::RefuseContent | State::SkipContent => self.take_content(input, false),
            _ => (0, 0),
        };
        (used, content::last(input, used, run))
    }

    /// Bytes that were read and not taken: those behind the whole request count.
    pub(super) fn unread(&mut self, bytes: usize) {
        let is_message_complete = self.content.is_complete() && !matches!(self.state, State::Head);
        if bytes == 0 || !is_message_complete || self.state.is_terminal() {
            return;
        }
        self.early = true;
        if self.state == State::Refuse && self.is_data_behind() {
            self.error = Some(Error::DataBehindRefusal);
            self.fire(Event::RefusedForGood);
        }
        self.check_early();
    }

    fn receive_head(&mut self, storage: &mut [u8], input: &[u8]) -> usize {
        let plain = self.head.take_plain(storage, input);
        match input.get(plain..) {
            Some(rest) if plain < input.len() => plain + self.take_head(storage, rest),
            _ => plain,
        }
    }

    /// Apart, for what most reads run through needs none of it.
    #[cfg_attr(target_pointer_width = "64", inline(never))]
    fn take_head(&mut self, storage: &mut [u8], input: &[u8]) -> usize {
        let lines = Lines {
            lone_lf: self.policy.lone_lf,
            unfold: false,
        };
        if self.read_guess(storage, input) {
            return input.len();
        }
        let (taken, progress) = self.head.take(storage, input, lines);
        match progress {
            Progress::More => {}
            Progress::Complete => {
                if let Err(error) = self.read_head(storage, taken < input.len(), false) {
                    self.fault(error);
                }
            }
            Progress::Fault(error) => self.fault(error),
        }
        taken
    }

    /// Takes an input that is a head and no more. Whether it was one; if not, nothing has changed.
    fn read_guess(&mut self, storage: &mut [u8], input: &[u8]) -> bool {
        let Some(guess) = self.head.guess(storage, input) else {
            return false;
        };
        let before = core::mem::replace(&mut self.head, guess);
        let is_right = self.read_head(input, false, true).is_ok();
        if is_right {
            copy(storage, input);
        } else {
            self.head = before;
        }
        is_right
    }

    #[inline(never)]
    fn read_head(&mut self, storage: &[u8], more: bool, is_guess: bool) -> Result<(), Error> {
        let bytes = storage.get(..self.head.len()).unwrap_or_default();
        let around = Circumstances {
            policy: self.policy,
            secure: self.secure,
            first: self.is_first(),
        };
        self.content = Content::NONE;
        let head = request::read(
            bytes,
            &self.head,
            is_guess,
            around,
            &mut self.facts,
            &mut self.content,
        );
        let head = match head {
            Ok(()) if !self.content.is_complete() && self.policy.skip.is_none() => {
                Err(Error::ContentTooLarge)
            }
            head => head,
        };
        head.inspect_err(|_| self.facts = Facts::NONE)?;
        self.skipped = 0;
        self.early = more && self.content.is_complete();
        self.fire(Event::HeadComplete);
        Ok(())
    }

    /// Takes bytes up to the end of a run of content, and says how many, and how many of the last of them are content. What
    /// nobody reads is taken up to the limit of the policy.
    #[inline(never)]
    fn take_content(&mut self, input: &[u8], is_read: bool) -> (usize, usize) {
        let mut most = usize::MAX;
        if !is_read {
            let allowed = self.policy.skip_limit.saturating_sub(self.skipped);
            if self.content.exceeds(allowed) {
                self.fault(Error::ContentTooLarge);
                return (0, 0);
            }
            // One byte more than is allowed tells that it is too much, wherever the input is cut.
            most = (allowed as usize).saturating_add(1);
        }
        let (framing, error) = self.content.take_framing(input);
        let run = self.content.take_run(most.min(input.len() - framing));
        let used = framing + run;
        self.touched = true;
        if !is_read {
            self.skipped = self.skipped.wrapping_add(narrow(run));
        }
        if let Some(error) = error {
            self.fault(error);
        } else if run == most {
            self.fault(Error::ContentTooLarge);
        } else if self.content.is_complete() {
            self.content_complete(used < input.len());
        }
        (used, run)
    }

    pub(super) fn content_complete(&mut self, more: bool) {
        self.early |= more;
        if self.state == State::RefuseContent && self.must_close_refused() {
            self.error = Some(Error::DataBehindRefusal);
            return self.fire(Event::RefusedForGood);
        }
        self.fire(Event::ContentComplete);
        self.check_early();
    }

    /// Bytes of the new protocol before the 101: a fault, if the policy says so.
    pub(super) fn check_early(&mut self) {
        if self.state == State::Accept && self.early && self.policy.refuse_early_data {
            self.fault(Error::EarlyData);
        }
    }
}
