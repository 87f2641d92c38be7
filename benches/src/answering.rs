//! A server in memory for clients whose keys are random: it makes the right 101 when it is read from.
//!
//! What it adds to the work of the client is counted as the work `answer` of the same program, and taken off.

use crate::driver::Driver;
use crate::floor;
use crate::work::KEY;
use std::hint::black_box;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

pub struct Answering {
    request: [u8; 1024],
    written: usize,
    answer: [u8; 256],
    len: usize,
    read: usize,
}

impl Default for Answering {
    fn default() -> Self {
        let (written, len, read) = (0, 0, 0);
        Answering {
            request: [0; 1024],
            written,
            answer: [0; 256],
            len,
            read,
        }
    }
}

impl Answering {
    /// The next connection.
    pub fn begin(&mut self) {
        (self.written, self.len, self.read) = (0, 0, 0);
    }

    fn put(&mut self, bytes: &[u8]) -> usize {
        let to = self.written + bytes.len();
        self.request[self.written..to].copy_from_slice(bytes);
        self.written = to;
        bytes.len()
    }

    fn next(&mut self, room: usize) -> &[u8] {
        if self.len == 0 {
            self.len = make(&self.request[..self.written], &mut self.answer);
        }
        let rest = &self.answer[self.read..self.len];
        let read = &rest[..rest.len().min(room)];
        self.read += read.len();
        read
    }
}

/// The 101 to a request.
#[inline(never)]
fn make(request: &[u8], answer: &mut [u8]) -> usize {
    floor::accept(request, answer).expect("a request for WebSocket")
}

/// What it takes to make an answer.
pub fn answer(driver: &Driver) {
    let mut request = [0; 512];
    let key = b"the sample nonce";
    let (len, key) =
        floor::request(b"server.example.com", b"/chat", key, &mut request).expect("room");
    assert!(key == KEY.as_bytes());
    let mut answer = [0; 256];
    driver.each(|| {
        black_box(make(black_box(&request[..len]), black_box(&mut answer)));
    });
}

type Done<T = ()> = Poll<io::Result<T>>;

impl futures::io::AsyncRead for Answering {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, buf: &mut [u8]) -> Done<usize> {
        let read = self.get_mut().next(buf.len());
        buf[..read.len()].copy_from_slice(read);
        Poll::Ready(Ok(read.len()))
    }
}

impl futures::io::AsyncWrite for Answering {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, buf: &[u8]) -> Done<usize> {
        Poll::Ready(Ok(self.get_mut().put(buf)))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Done {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Done {
        Poll::Ready(Ok(()))
    }
}

impl tokio::io::AsyncRead for Answering {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buf: &mut tokio::io::ReadBuf<'_>,
    ) -> Done {
        let room = buf.remaining();
        buf.put_slice(self.get_mut().next(room));
        Poll::Ready(Ok(()))
    }
}

impl tokio::io::AsyncWrite for Answering {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, buf: &[u8]) -> Done<usize> {
        Poll::Ready(Ok(self.get_mut().put(buf)))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Done {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Done {
        Poll::Ready(Ok(()))
    }
}
