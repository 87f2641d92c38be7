//! A connection in memory: reads of a given size, writes into a buffer.

use std::io;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

#[cfg(feature = "embedded")]
mod embedded;
#[cfg(feature = "hosted")]
mod hosted;

pub struct Wire<'a> {
    input: &'a [u8],
    at: usize,
    read: usize,
    repeats: bool,
    #[cfg_attr(not(feature = "hosted"), expect(dead_code))]
    waits: bool,
    out: &'a mut [u8],
    written: usize,
}

impl<'a> Wire<'a> {
    /// Gives the input in reads of at most that many bytes, and then its end.
    pub fn new(input: &'a [u8], read: usize, out: &'a mut [u8]) -> Self {
        Wire {
            input,
            at: 0,
            read,
            repeats: false,
            waits: false,
            out,
            written: 0,
        }
    }

    /// Gives the input again and again. What is written starts over when the buffer is full.
    pub fn repeating(input: &'a [u8], out: &'a mut [u8]) -> Self {
        Wire {
            repeats: true,
            ..Wire::new(input, usize::MAX, out)
        }
    }

    /// Gives the input once something was written. Until then it is pending, for those that read ahead.
    pub fn answering(input: &'a [u8], out: &'a mut [u8]) -> Self {
        Wire {
            waits: true,
            ..Wire::new(input, usize::MAX, out)
        }
    }

    /// What was written.
    #[must_use]
    pub fn written(&self) -> &[u8] {
        &self.out[..self.written]
    }

    /// The next read.
    fn next(&mut self, room: usize) -> &'a [u8] {
        if self.repeats && self.at == self.input.len() {
            self.at = 0;
        }
        let rest = &self.input[self.at..];
        let read = &rest[..rest.len().min(room).min(self.read)];
        self.at += read.len();
        read
    }

    fn put(&mut self, bytes: &[u8]) -> usize {
        if self.repeats && self.written + bytes.len() > self.out.len() {
            self.written = 0;
        }
        let to = self.written + bytes.len();
        self.out[self.written..to].copy_from_slice(bytes);
        self.written = to;
        bytes.len()
    }
}

/// A buffer that is lent again and again to a connection that wants to own what it works on.
///
/// # Safety
///
/// The one that got it before must be gone.
#[allow(clippy::mut_from_ref)]
pub unsafe fn lend(buffer: &mut [u8]) -> &'static mut [u8] {
    // SAFETY: as the caller promises; and the callers leak the buffer.
    unsafe { std::slice::from_raw_parts_mut(buffer.as_mut_ptr(), buffer.len()) }
}

impl io::Read for Wire<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.next(buf.len());
        buf[..read.len()].copy_from_slice(read);
        Ok(read.len())
    }
}

impl io::Write for Wire<'_> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        Ok(self.put(buf))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Runs a future that a [`Wire`] never keeps waiting.
///
/// # Panics
///
/// If it waits nevertheless.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..100 {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
    panic!("it waits for something");
}
