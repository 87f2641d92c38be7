//! The states of a client, and the one function that moves between them.

/// Where a client is. Each state has one action.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(crate) enum State {
    /// Send the request.
    Send,
    /// Send the content of the request.
    SendContent,
    /// Receive: a 100, or the response that makes the content needless.
    AwaitContinue,
    /// Interim, before the 100.
    EarlyInterim,
    /// Interim: the 100.
    ContinueInterim,
    /// Interim, while content is sent.
    LateInterim,
    /// Receive: the head of a response.
    Await,
    /// Interim.
    Interim,
    /// Receive: the content of the answer to the OPTIONS that led into TLS.
    ProbeContent,
    /// Switch to TLS; HTTP goes on inside it.
    Tls,
    /// Switch; HTTP has ended.
    Switched,
    /// Response.
    Response,
    /// Receive: content that the application wants.
    Content,
    /// Close.
    Closed,
}

/// What moves a client.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(crate) enum Event {
    /// The request was written, content and all.
    Sent,
    /// The head of the request was written; its content follows.
    SentWithContent,
    /// The head of the request was written; its content waits for a 100.
    SentWithExpect,
    /// The content was written.
    ContentSent,
    /// The 100 takes too long.
    Impatient,
    /// An interim response is there.
    InterimComplete,
    /// The 100 that the content waits for is there.
    ContinueComplete,
    /// The application has seen the interim response.
    Proceeded,
    /// The response is the switch.
    SwitchComplete,
    /// The response is the switch to TLS.
    TlsComplete,
    /// The TLS handshake succeeded.
    TlsEstablished,
    /// The OPTIONS that led into TLS is answered.
    ProbeComplete,
    /// The OPTIONS that led into TLS is answered, with content.
    ProbeCompleteWithContent,
    /// The head of a final response is there.
    ResponseComplete,
    /// The application wants the content.
    WantedContent,
    /// The content is there.
    ContentComplete,
    /// The application sends another request.
    Retried,
    /// The connection ends.
    Abort,
}

/// The state behind `event`; `None` where the event has no place.
pub(crate) const fn next(state: State, event: Event) -> Option<State> {
    Some(match (state, event) {
        (State::Send, Event::Sent)
        | (State::SendContent, Event::ContentSent)
        | (State::Interim, Event::Proceeded)
        | (State::Tls, Event::TlsEstablished) => State::Await,
        (State::Send, Event::SentWithContent)
        | (State::AwaitContinue, Event::Impatient)
        | (State::ContinueInterim | State::LateInterim, Event::Proceeded) => State::SendContent,
        (State::Send, Event::SentWithExpect) | (State::EarlyInterim, Event::Proceeded) => {
            State::AwaitContinue
        }
        (State::AwaitContinue, Event::InterimComplete) => State::EarlyInterim,
        (State::SendContent, Event::InterimComplete) => State::LateInterim,
        (State::AwaitContinue, Event::ContinueComplete) => State::ContinueInterim,
        (State::Await, Event::InterimComplete) => State::Interim,
        (State::Await, Event::SwitchComplete) => State::Switched,
        (State::Await, Event::TlsComplete) => State::Tls,
        (State::Await, Event::ProbeCompleteWithContent) => State::ProbeContent,
        (State::Await, Event::ProbeComplete)
        | (State::ProbeContent, Event::ContentComplete)
        | (State::Response, Event::Retried) => State::Send,
        (State::Await | State::AwaitContinue | State::SendContent, Event::ResponseComplete)
        | (State::Content, Event::ContentComplete) => State::Response,
        (State::Response, Event::WantedContent) => State::Content,
        (State::Switched | State::Closed, _) => return None,
        (_, Event::Abort) => State::Closed,
        _ => return None,
    })
}

impl State {
    /// Whether bytes are the head of a response now: one that comes before the content was sent too (RFC 9112 section 9.5).
    pub(crate) const fn receives_head(self) -> bool {
        matches!(
            self,
            State::Await | State::AwaitContinue | State::SendContent
        )
    }

    /// Whether the application looks at an interim response now.
    pub(crate) const fn is_interim(self) -> bool {
        matches!(
            self,
            State::Interim | State::EarlyInterim | State::ContinueInterim | State::LateInterim
        )
    }

    /// Whether bytes are content now.
    pub(crate) const fn receives_content(self) -> bool {
        matches!(self, State::Content | State::ProbeContent)
    }

    pub(crate) const fn is_terminal(self) -> bool {
        matches!(self, State::Switched | State::Closed)
    }
}
