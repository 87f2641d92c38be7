//! The states of a server, and the one function that moves between them.

/// Where a server is. Each state has one action.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub(crate) enum State {
    /// Receive: the head of a request.
    Head,
    /// Receive: the content of an accepted request.
    AcceptContent,
    /// Receive: the content of a refused request.
    RefuseContent,
    /// Receive: content that the response did not wait for.
    SkipContent,
    /// Receive: content that the application wants.
    RespondContent,
    /// Respond.
    Respond,
    /// Send 100, before content that the application wants.
    RespondContinue,
    /// Send 100, before the content of an accepted request.
    AcceptContinue,
    /// Send 101, or the 200 that opens a tunnel.
    Accept,
    /// Send the refusal; the next request follows.
    Refuse,
    /// Send the refusal; the connection ends.
    RefuseClose,
    /// Decide.
    Decide,
    /// Switch to TLS; HTTP goes on inside it.
    Tls,
    /// Switch; HTTP has ended.
    Switched,
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

/// From any of some states, a bit each, to one.
struct Move {
    from: u16,
    event: Event,
    to: State,
}

const fn moves(event: Event, from: &[State], to: State) -> Move {
    let (mut rest, mut bits) = (from, 0);
    while let [state, others @ ..] = rest {
        bits |= 1 << *state as u16;
        rest = others;
    }
    let from = bits;
    Move { from, event, to }
}

/// All that moves. A table takes less flash than a `match`.
#[allow(clippy::enum_glob_use)]
static MOVES: &[Move] = {
    use Event::*;
    use State::*;
    &[
        moves(HeadComplete, &[Head], Decide),
        moves(Accepted, &[Decide], Accept),
        moves(AcceptedWithContent, &[Decide], AcceptContent),
        moves(AcceptedWithExpect, &[Decide], AcceptContinue),
        moves(AcceptedSilently, &[Decide], Switched),
        moves(Ignored, &[Decide], Respond),
        moves(Refused, &[Decide], Refuse),
        moves(RefusedWithContent, &[Decide], RefuseContent),
        moves(
            RefusedForGood,
            &[Decide, RefuseContent, Refuse],
            RefuseClose,
        ),
        moves(ContentComplete, &[AcceptContent], Accept),
        moves(ContentComplete, &[RespondContent], Respond),
        moves(ContentComplete, &[RefuseContent], Refuse),
        moves(ContentComplete, &[SkipContent], Head),
        moves(Sent, &[AcceptContinue], AcceptContent),
        moves(Sent, &[Accept], Switched),
        moves(Sent, &[RespondContinue], RespondContent),
        moves(Sent, &[Refuse], Head),
        moves(Sent, &[RefuseClose], Closed),
        moves(SentTls, &[Accept], Tls),
        moves(TlsEstablished, &[Tls], Respond),
        moves(WantedContent, &[Respond], RespondContent),
        moves(WantedContinue, &[Respond], RespondContinue),
        moves(Responded, &[Respond], Head),
        moves(
            RespondedWithContent,
            &[Respond, RespondContent],
            SkipContent,
        ),
        moves(
            RespondedForGood,
            &[Respond, RespondContinue, RespondContent],
            Closed,
        ),
        moves(
            Fault,
            &[Head, Decide, AcceptContent, Accept, RespondContent],
            RefuseClose,
        ),
        Move {
            from: !moves(Abort, &[Switched, Closed], Closed).from,
            event: Abort,
            to: Closed,
        },
    ]
};

/// The state behind `event`; `None` where the event has no place.
pub(crate) const fn next(state: State, event: Event) -> Option<State> {
    let mut rest = MOVES;
    while let [
        Move {
            from,
            event: by,
            to,
        },
        others @ ..,
    ] = rest
    {
        if *by as u8 == event as u8 && *from >> state as u16 & 1 == 1 {
            return Some(*to);
        }
        rest = others;
    }
    None
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
