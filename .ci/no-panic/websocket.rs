//! The framing of WebSocket, both roles, every message echoed in every way.

use core::hint::black_box;
use core::ops::Deref;

use heapless::VecView;
use http_upgrade::websocket::{
    Action, Assembler, CloseCode, Event, Extension, Frame, Kind, Limits, Message, Role, WebSocket,
    role,
};

use crate::{each, used};

pub fn serve(mut input: &mut [u8], output: &mut [u8]) {
    let mut websocket = WebSocket::server(limits());
    let mut assembler = Assembler::new([0; 256]);
    used((websocket.clone(), assembler.clone()));
    let mut queue = heapless::Vec::<u8, 256>::new();
    loop {
        match websocket.action() {
            Action::Send(answer) => {
                used(answer);
                used(websocket.send(output).is_ok());
            }
            Action::Close(closure) => return used(closure.code()),
            Action::AwaitClose if black_box(false) => return websocket.end_of_input(),
            Action::Receive | Action::AwaitClose => {
                let (taken, event) = websocket.receive(input);
                let message = event.and_then(|event| message(&mut assembler, event));
                send(&mut websocket, frame(message), output, &mut queue);
                input = input.get_mut(taken..).unwrap_or_default();
                told(&websocket);
            }
        }
    }
}

fn send(
    websocket: &mut WebSocket<role::Server>,
    frame: Frame,
    output: &mut [u8],
    queue: &mut VecView<u8>,
) {
    used(websocket.write(frame, output));
    used(websocket.append(frame, queue));
    used(websocket.write_in_place(kind(), black_box(true), output));
    if let Ok(header) = websocket.write_header(&frame) {
        used(header.deref());
    }
}

pub fn ask(input: &mut [u8], output: &mut [u8]) {
    let key = black_box([7; 4]);
    let mut websocket = WebSocket::client(limits());
    used(websocket.clone());
    let mut queue = heapless::Vec::<u8, 256>::new();
    while let Action::Receive | Action::AwaitClose = websocket.action() {
        let (taken, event) = websocket.receive(input);
        let frame = match event {
            Some(Event::Binary { piece, last }) => Frame::binary(piece).last(last),
            _ => frame(None),
        };
        used(websocket.write(frame, key, output));
        used(websocket.append(frame, key, &mut queue));
        used(websocket.write_in_place(kind(), black_box(true), key, output));
        used((taken, websocket.send(key, output)));
        told(&websocket);
        websocket.end_of_input();
    }
}

fn told<R: Role>(websocket: &WebSocket<R>) {
    used((
        websocket.control_payload(),
        websocket.close_reason(),
        websocket.close_code(),
    ));
}

/// The message that this event completes.
fn message<'m>(assembler: &'m mut Assembler<[u8; 256]>, event: Event<'m>) -> Option<Message<'m>> {
    if let Event::Text { piece, .. } = &event {
        used((piece.as_str(), piece.as_bytes(), piece.deref(), *piece == black_box(*piece)));
        used(Frame::from(piece));
    }
    assembler.push(event).ok()?
}

fn frame(message: Option<Message>) -> Frame {
    let frame = match message {
        Some(Message::Text(text)) => Frame::text(text),
        Some(Message::Binary(bytes)) => Frame::binary(bytes).last(black_box(false)),
        None => match black_box(0) {
            0 => Frame::ping(black_box(b"ping")),
            1 => Frame::pong(black_box(b"pong")),
            2 => Frame::close(CloseCode::new(black_box(1000)), black_box("the end")),
            _ => Frame::close_without_code(),
        },
    };
    used(frame.payload());
    black_box(frame)
}

fn kind() -> Kind {
    black_box(Kind::Text)
}

fn limits() -> Limits {
    black_box(Limits::NONE.frame(black_box(1024)).message(black_box(4096)))
}

pub fn extension(extension: Extension) {
    used(extension.name());
    each(extension.parameters(), |(name, value)| {
        used(name);
        if let Some(value) = value {
            used(value == *black_box("15"));
            each(value.chars(), used);
        }
    });
}
