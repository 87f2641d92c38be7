//! The states of a server, and the one function that moves between them.

/// Where a server is. Each state has one action.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(crate) enum State {
    /// Receive: the head of a request.
    Head,
    /// Decide.
    Decide,
    /// Send 100, before the content of an accepted request.
    AcceptContinue,
    /// Receive: the content of an accepted request.
    AcceptContent,
    /// Send 101, or the 200 that opens a tunnel.
    Accept,
    /// Switch to TLS; HTTP goes on inside it.
    Tls,
    /// Switch; HTTP has ended.
    Switched,
    /// Respond.
    Respond,
    /// Send 100, before content that the application wants.
    RespondContinue,
    /// Receive: content that the application wants.
    RespondContent,
    /// Receive: the content of a refused request.
    RefuseContent,
    /// Send the refusal; the next request follows.
    Refuse,
    /// Send the refusal; the connection ends.
    RefuseClose,
    /// Receive: content that the response did not wait for.
    SkipContent,
    /// Close.
    Closed,
}

/// What moves a server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(crate) enum Event {
    /// The head is there and is one.
    HeadComplete,
    /// The content is there.
    ContentComplete,
    /// The peer broke a rule and can be answered.
    Fault,
    /// The connection ends without an answer.
    Abort,
    /// Accepted, and nothing is missing.
    Accepted,
    /// Accepted; the content comes first.
    AcceptedWithContent,
    /// Accepted; a 100 comes first, then the content.
    AcceptedWithExpect,
    /// Accepted a protocol that needs no answer.
    AcceptedSilently,
    /// The offer, if there is one, is ignored.
    Ignored,
    /// Refused, and nothing is missing.
    Refused,
    /// Refused; the content comes first.
    RefusedWithContent,
    /// Refused; the connection ends behind it.
    RefusedForGood,
    /// The message was written.
    Sent,
    /// The 101 for TLS was written.
    SentTls,
    /// The TLS handshake succeeded.
    TlsEstablished,
    /// The application wants the content.
    WantedContent,
    /// The application wants the content, and a 100 comes first.
    WantedContinue,
    /// The response was written; the next request follows.
    Responded,
    /// The response was written; content is still to come.
    RespondedWithContent,
    /// The response was written; the connection ends behind it.
    RespondedForGood,
}

/// The state behind `event`; `None` where the event has no place.
pub(crate) const fn next(state: State, event: Event) -> Option<State> {
    Some(match (state, event) {
        (State::Switched | State::Closed, _) => return None,
        (State::Head, Event::HeadComplete) => State::Decide,
        (State::Decide | State::RefuseContent | State::Refuse, Event::RefusedForGood) => {
            State::RefuseClose
        }
        (State::Decide, Event::Accepted) | (State::AcceptContent, Event::ContentComplete) => {
            State::Accept
        }
        (State::Decide, Event::AcceptedWithContent) | (State::AcceptContinue, Event::Sent) => {
            State::AcceptContent
        }
        (State::Decide, Event::AcceptedWithExpect) => State::AcceptContinue,
        (State::Decide, Event::AcceptedSilently) | (State::Accept, Event::Sent) => State::Switched,
        (State::Accept, Event::SentTls) => State::Tls,
        (State::Decide, Event::Ignored)
        | (State::Tls, Event::TlsEstablished)
        | (State::RespondContent, Event::ContentComplete) => State::Respond,
        (State::Respond, Event::WantedContinue) => State::RespondContinue,
        (State::Respond, Event::WantedContent) | (State::RespondContinue, Event::Sent) => {
            State::RespondContent
        }
        (State::Decide, Event::RefusedWithContent) => State::RefuseContent,
        (State::Decide, Event::Refused) | (State::RefuseContent, Event::ContentComplete) => {
            State::Refuse
        }
        (State::Respond | State::RespondContent, Event::RespondedWithContent) => State::SkipContent,
        (State::Respond, Event::Responded)
        | (State::SkipContent, Event::ContentComplete)
        | (State::Refuse, Event::Sent) => State::Head,
        (
            State::Head
            | State::Decide
            | State::AcceptContent
            | State::Accept
            | State::RespondContent,
            Event::Fault,
        ) => State::RefuseClose,
        (
            State::Respond | State::RespondContinue | State::RespondContent,
            Event::RespondedForGood,
        )
        | (State::RefuseClose, Event::Sent)
        | (_, Event::Abort) => State::Closed,
        _ => return None,
    })
}

impl State {
    /// Whether bytes are content now.
    pub(crate) const fn receives_content(self) -> bool {
        matches!(
            self,
            State::AcceptContent
                | State::RespondContent
                | State::RefuseContent
                | State::SkipContent
        )
    }

    /// Whether the application may respond now: also before the content that it wanted is there (RFC 9110 section 10.1.1,
    /// RFC 9112 section 9.3).
    pub(crate) const fn may_respond(self) -> bool {
        matches!(
            self,
            State::Respond | State::RespondContinue | State::RespondContent
        )
    }

    pub(crate) const fn is_terminal(self) -> bool {
        matches!(self, State::Switched | State::Closed)
    }
}
