//! HTTP/2 for one request: the one that was upgraded, which is stream 1 (RFC 7540 section 3.2).
//!
//! The client's preface and SETTINGS are awaited, the page goes out within its windows, and GOAWAY ends the connection: the client
//! asks for more on another one. A real engine would go on here, behind `http_upgrade::h2c::ServerBridge`.

mod frames;
mod input;
mod window;

use crate::connection::Next;
use crate::page::Page;
use crate::vitals::Vitals;
use crate::wire::Wire;
use core::convert::Infallible;
use defmt::info;
use frames::{ErrorCode, STREAM, Short};
use http_upgrade::Request;
use input::{Event, Input};
use smoltcp::time::{Duration, Instant};
use window::Windows;

/// For the whole of it.
const DEADLINE: Duration = Duration::from_secs(10);

pub struct H2c {
    input: Input,
    windows: Windows,
    page: Page,
    state: State,
    deadline: Instant,
}

/// What goes out next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// SETTINGS, before anything else.
    Settings,
    /// Nothing, until the client's SETTINGS have come.
    AwaitSettings,
    /// HEADERS of the response.
    Headers,
    /// DATA of the response.
    Data,
    /// GOAWAY.
    GoAway(ErrorCode),
    Done,
}

impl H2c {
    pub fn new(request: &Request, vitals: &Vitals) -> H2c {
        let settings = request.http2_settings();
        let window = settings.and_then(|settings| settings.get(window::INITIAL_WINDOW_SIZE));
        let mut windows = Windows::new();
        // A value that is no window was refused with the request.
        let _ = window.map(|window| windows.set_initial(window));
        let mut page = Page::find(request, vitals);
        if request.method() == "HEAD" {
            page.skip_content();
        }
        H2c {
            input: Input::new(),
            windows,
            page,
            state: State::Settings,
            deadline: vitals.now + DEADLINE,
        }
    }

    /// Goes as far as what has come, and the room for what goes out, allow.
    pub fn step(&mut self, wire: &mut Wire, now: Instant) -> Next {
        if now >= self.deadline {
            return Next::Abort;
        }
        loop {
            self.send(wire);
            if self.state == State::Done {
                return Next::Close;
            }
            if self.state == State::Settings || !wire.has_room() {
                return Next::Wait;
            }
            if wire.unread() == 0 {
                return if wire.has_ended() {
                    Next::Close
                } else {
                    Next::Wait
                };
            }
            self.receive(wire);
        }
    }

    /// Takes bytes up to the next event, and answers that.
    fn receive(&mut self, wire: &mut Wire) {
        let mut answer = Short::new();
        wire.receive(|bytes| {
            let (used, event) = self.input.read(bytes);
            if let Some(event) = event {
                answer = self.hear(event).unwrap_or_else(|code| {
                    self.state = State::GoAway(code);
                    Short::new()
                });
            }
            used
        });
        wire.put(&answer); // there is room
    }

    fn hear(&mut self, event: Event) -> Result<Short, ErrorCode> {
        match event {
            Event::Settings { setting, last } => {
                if let Some((window::INITIAL_WINDOW_SIZE, value)) = setting {
                    self.windows.set_initial(value)?;
                }
                return Ok(if last {
                    self.settings_end()
                } else {
                    Short::new()
                });
            }
            Event::Ping(payload) => return Ok(frames::ping_ack(payload)),
            Event::Window { stream, increment } => self.windows.widen(stream, increment)?,
            Event::Reset(STREAM) | Event::GoAway => self.state = State::GoAway(ErrorCode::NONE),
            Event::Reset(_) => {}
            Event::Fault(code) => return Err(code),
        }
        Ok(Short::new())
    }

    /// Acknowledges SETTINGS. Behind the first of them the response goes out.
    fn settings_end(&mut self) -> Short {
        if self.state == State::AwaitSettings {
            self.state = State::Headers;
        }
        frames::settings_ack()
    }

    /// Sends what is due, as far as there is room.
    fn send(&mut self, wire: &mut Wire) {
        while wire.has_room() {
            self.state = match self.state {
                State::Settings => {
                    wire.put(&frames::settings());
                    State::AwaitSettings
                }
                State::Headers => self.send_headers(wire),
                State::Data => {
                    let len = self.sendable(wire);
                    if len == 0 {
                        return;
                    }
                    self.send_data(wire, len)
                }
                State::GoAway(code) => {
                    info!("GOAWAY {}", code);
                    wire.put(&frames::go_away(code));
                    State::Done
                }
                State::AwaitSettings | State::Done => return,
            };
        }
    }

    fn send_headers(&mut self, wire: &mut Wire) -> State {
        let is_last = self.page.rest().is_empty();
        send(wire, |out| {
            let Page {
                status, media_type, ..
            } = self.page;
            frames::headers(out, status, media_type, self.page.len(), is_last)
        });
        if is_last {
            State::GoAway(ErrorCode::NONE)
        } else {
            State::Data
        }
    }

    /// How much of the content may go out now.
    fn sendable(&self, wire: &Wire) -> usize {
        let room = wire.room().saturating_sub(frames::HEADER);
        self.windows.open().min(room).min(self.page.rest().len())
    }

    fn send_data(&mut self, wire: &mut Wire, len: usize) -> State {
        let rest = self.page.rest();
        let is_last = len == rest.len();
        let piece = rest.get(..len).unwrap_or_default();
        send(wire, |out| frames::data(out, piece, is_last));
        self.windows.take(len);
        self.page.advance(len);
        if is_last {
            State::GoAway(ErrorCode::NONE)
        } else {
            State::Data
        }
    }
}

/// A frame that fits, as there was room.
fn send(wire: &mut Wire, write: impl FnOnce(&mut [u8]) -> usize) {
    let Ok(()) = wire.send(|out| Ok::<usize, Infallible>(write(out)));
}
