//! Takes bytes: heads and content of responses.

use super::core::{Core, Probe};
use super::facts::{Facts, read_status_line};
use super::state::{Event, State};
use super::unfold::unfold;
use crate::Error;
use crate::content::{self, Content, Framing};
use crate::head::{Head, Lines, Progress};
use crate::request::{Flags, each_field};
use crate::span::narrow;
use crate::write::copy;

/// The most interim responses before the final one (RFC 9110 section 15.2).
pub const MAX_INTERIM: u8 = 16;

/// The most content of the answer to the OPTIONS that led into TLS, in bytes.
const MAX_PROBE_CONTENT: u32 = 64 * 1024;

impl Core<'_> {
    pub(super) fn receive_content<'i>(
        &mut self,
        storage: &mut [u8],
        input: &'i [u8],
    ) -> (usize, &'i [u8]) {
        match self.state {
            State::Content => self.take_content(input),
            // What the answer to the OPTIONS that led into TLS holds is not content of the response that is asked for.
            _ => (self.receive(storage, input), &[]),
        }
    }

    pub(super) fn receive(&mut self, storage: &mut [u8], input: &[u8]) -> usize {
        if self.receives_head() {
            return self.receive_head(storage, input);
        }
        let mut used = 0;
        while self.state.receives_content() {
            let (taken, _) = self.take_content(input.get(used..).unwrap_or_default());
            used += taken;
            if taken == 0 {
                break;
            }
        }
        used
    }

    /// A 101 must not overtake the content of a request that asks for it: its response waits.
    fn receives_head(&self) -> bool {
        self.state.receives_head()
            && (self.state != State::SendContent || self.request.offers.is_empty())
    }

    /// Bytes that were read and not taken: behind a final response, and before a request, nobody has asked for them, and
    /// what follows them is no answer to the next request (RFC 9112 section 9.2).
    pub(super) fn unread(&mut self, bytes: usize) {
        match self.state {
            _ if bytes == 0 => {}
            State::Response if self.content.is_complete() => self.reusable = false,
            State::Send => self.abort(Error::Unsolicited),
            _ => {}
        }
    }

    pub(super) fn end_of_input(&mut self, orderly: bool) {
        match self.state {
            state if state.is_terminal() => {}
            State::Content if orderly && self.framing == Framing::UntilClose => {
                self.content = Content::NONE;
                self.fire(Event::ContentComplete);
            }
            State::Response if self.content.is_complete() => self.reusable = false,
            _ => self.abort(Error::Incomplete),
        }
    }

    fn receive_head(&mut self, storage: &mut [u8], input: &[u8]) -> usize {
        if self.read_guess(storage, input) {
            return input.len();
        }
        let (used, progress) = self.head.take(
            storage,
            input,
            Lines {
                lone_lf: false,
                unfold: true,
            },
        );
        match progress {
            Progress::More => {}
            Progress::Complete => {
                let head = storage.get_mut(..self.head.len()).unwrap_or_default();
                if let Err(error) = self.unfold_head(head, used < input.len()) {
                    self.abort(error);
                }
            }
            Progress::Fault(Error::TargetTooLong | Error::MethodTooLong) => {
                self.abort(Error::HeadTooLarge);
            }
            Progress::Fault(error) => self.abort(error),
        }
        used
    }

    /// Takes an input that is a head and no more. Whether it was one; if not, nothing has changed.
    fn read_guess(&mut self, storage: &mut [u8], input: &[u8]) -> bool {
        let Some(guess) = self.head.guess(storage, input) else {
            return false;
        };
        let Ok((code, facts)) = self.parse(&guess, input, true) else {
            return false;
        };
        self.head = guess;
        if let Err(error) = self.take_up(input, code, &facts, false) {
            self.abort(error);
        }
        copy(storage, input);
        true
    }

    /// Folded lines are rare: they show as the fault that they are elsewhere, before anything has changed.
    fn unfold_head(&mut self, head: &mut [u8], more: bool) -> Result<(), Error> {
        match self.read_head(head, more) {
            Err(Error::BadField)
                if unfold(head.get_mut(self.head.start_line()..).unwrap_or_default()) =>
            {
                self.read_head(head, more)
            }
            outcome => outcome,
        }
    }

    fn read_head(&mut self, head: &[u8], more: bool) -> Result<(), Error> {
        let (code, facts) = self.parse(&self.head, head, false)?;
        self.take_up(head, code, &facts, more)
    }

    /// The status code, and what the field lines say.
    #[inline(never)]
    fn parse<'h>(
        &self,
        at: &Head,
        head: &'h [u8],
        is_guess: bool,
    ) -> Result<(u16, Facts<'h>), Error> {
        let line = head.get(..at.start_line()).unwrap_or_default();
        let (code, is_http10) = read_status_line(line, self.request.lenient_status_line)?;
        let mut facts = Facts::new(is_http10);
        each_field(head, at.start_line(), is_guess, |name, value| {
            facts.field(name, value)
        })?;
        Ok((code, facts))
    }

    #[inline(never)]
    fn take_up(
        &mut self,
        head: &[u8],
        code: u16,
        facts: &Facts<'_>,
        more: bool,
    ) -> Result<(), Error> {
        (self.code, self.flags, self.framing) = (code, facts.flags, Framing::None);
        match code {
            101 => self.switch(head, facts),
            100..=199 => self.interim(),
            200..=299 if self.request.is_connect() && self.probe == Probe::None => {
                self.fire(Event::SwitchComplete);
                Ok(())
            }
            _ => self.final_response(facts, more),
        }
    }

    fn interim(&mut self) -> Result<(), Error> {
        self.interims += 1;
        if self.interims > MAX_INTERIM {
            return Err(Error::TooManyInterim);
        }
        let is_awaited = self.state == State::AwaitContinue && self.code == 100;
        self.fire(if is_awaited {
            Event::ContinueComplete
        } else {
            Event::InterimComplete
        });
        Ok(())
    }

    fn final_response(&mut self, facts: &Facts<'_>, more: bool) -> Result<(), Error> {
        if self.probe == Probe::Clear {
            return Err(Error::TlsRefused);
        }
        let is_head = self.request.is_head() && self.probe == Probe::None;
        let has_content = !(is_head || matches!(self.code, 204 | 304));
        let (framing, is_clear) = match facts.framing() {
            Ok(framing) if has_content => framing,
            Err(error) if has_content => return Err(error),
            outcome => (Framing::None, outcome.is_ok_and(|(_, is_clear)| is_clear)),
        };
        let persists = facts.flags.persist();
        (self.framing, self.content) = (framing, Content::of_response(framing));
        let is_surplus = more && self.content.is_complete();
        // A request whose content was not sent is not complete: nothing can follow it.
        let is_whole = self.state == State::Await;
        self.reusable = persists && is_clear && is_whole && framing != Framing::UntilClose;
        if self.probe == Probe::Inside {
            self.probe_complete(is_surplus);
        } else {
            self.reusable &= !is_surplus;
            self.fire(Event::ResponseComplete);
        }
        Ok(())
    }

    fn take_content<'i>(&mut self, input: &'i [u8]) -> (usize, &'i [u8]) {
        let (framing, error) = self.content.take_framing(input);
        let run = self.content.take_run(input.len() - framing);
        let used = framing + run;
        if self.state == State::ProbeContent {
            self.skipped = self.skipped.saturating_add(narrow(run));
        }
        match error {
            Some(error) => self.abort(error),
            None if self.skipped > MAX_PROBE_CONTENT => self.abort(Error::ContentTooLarge),
            None if self.content.is_complete() => self.content_complete(used < input.len()),
            None => {}
        }
        (used, content::last(input, used, run))
    }

    fn content_complete(&mut self, more: bool) {
        if self.state == State::ProbeContent {
            self.probe_complete(more);
        } else {
            self.reusable &= !more;
            self.fire(Event::ContentComplete);
        }
    }
}

impl Facts<'_> {
    /// The framing of a response that has content, and whether it leaves no doubt (RFC 9112 section 6.3).
    fn framing(&self) -> Result<(Framing, bool), Error> {
        let is_http10 = self.flags.has(Flags::HTTP10);
        match (self.transfer.of_response()?, self.bad_framing) {
            ((Framing::Chunked, has_length), bad_length) => {
                let is_clear = !has_length && bad_length.is_none() && !is_http10;
                Ok((Framing::Chunked, is_clear))
            }
            (_, Some(error)) => Err(error),
            ((framing, _), None) => Ok((framing, true)),
        }
    }
}
