//! A connection in memory: reads of a given size, writes into a buffer.

use std::io;

pub struct Wire<'a> {
    input: &'a [u8],
    at: usize,
    read: usize,
    repeats: bool,
    waits: bool,
    out: &'a mut [u8],
    written: usize,
}

impl<'a> Wire<'a> {
    /// Gives the input in reads of at most that many bytes, and then its end.
    pub fn new(input: &'a [u8], read: usize, out: &'a mut [u8]) -> Self {
        Wire { input, at: 0, read, repeats: false, waits: false, out, written: 0 }
    }

    /// Gives the input again and again. What is written starts over when the buffer is full.
    pub fn repeating(input: &'a [u8], out: &'a mut [u8]) -> Self {
        Wire { repeats: true, ..Wire::new(input, usize::MAX, out) }
    }

    /// Gives the input once something was written. Until then it is pending, for those that read ahead.
    pub fn answering(input: &'a [u8], out: &'a mut [u8]) -> Self {
        Wire { waits: true, ..Wire::new(input, usize::MAX, out) }
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

pub use with_runtimes::block_on;

mod with_runtimes {
    use super::Wire;
    use std::convert::Infallible;
    use std::io;
    use std::pin::{Pin, pin};
    use std::task::{Context, Poll, Waker};

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

    type Done<T = ()> = Poll<io::Result<T>>;

    impl tokio::io::AsyncRead for Wire<'_> {
        fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, buf: &mut tokio::io::ReadBuf<'_>) -> Done {
            if self.waits && self.written == 0 {
                return Poll::Pending;
            }
            buf.put_slice(self.get_mut().next(buf.remaining()));
            Poll::Ready(Ok(()))
        }
    }

    impl tokio::io::AsyncWrite for Wire<'_> {
        fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, buf: &[u8]) -> Done<usize> {
            Poll::Ready(Ok(self.get_mut().put(buf)))
        }

        fn poll_write_vectored(self: Pin<&mut Self>, _: &mut Context<'_>, bufs: &[io::IoSlice<'_>]) -> Done<usize> {
            let wire = self.get_mut();
            Poll::Ready(Ok(bufs.iter().map(|buf| wire.put(buf)).sum()))
        }

        fn is_write_vectored(&self) -> bool {
            true
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Done {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Done {
            Poll::Ready(Ok(()))
        }
    }

    impl hyper::rt::Read for Wire<'_> {
        fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, mut buf: hyper::rt::ReadBufCursor<'_>) -> Done {
            // It reads ahead, and takes an end before its answer for a peer that is gone.
            if self.at == self.input.len() && self.written == 0 {
                return Poll::Pending;
            }
            buf.put_slice(self.get_mut().next(buf.remaining()));
            Poll::Ready(Ok(()))
        }
    }

    impl hyper::rt::Write for Wire<'_> {
        fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, buf: &[u8]) -> Done<usize> {
            Poll::Ready(Ok(self.get_mut().put(buf)))
        }

        fn poll_write_vectored(self: Pin<&mut Self>, _: &mut Context<'_>, bufs: &[io::IoSlice<'_>]) -> Done<usize> {
            let wire = self.get_mut();
            Poll::Ready(Ok(bufs.iter().map(|buf| wire.put(buf)).sum()))
        }

        fn is_write_vectored(&self) -> bool {
            true
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Done {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Done {
            Poll::Ready(Ok(()))
        }
    }

    impl futures::io::AsyncRead for Wire<'_> {
        fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, buf: &mut [u8]) -> Done<usize> {
            Poll::Ready(io::Read::read(self.get_mut(), buf))
        }
    }

    impl futures::io::AsyncWrite for Wire<'_> {
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

    impl embedded_io_async::ErrorType for Wire<'_> {
        type Error = Infallible;
    }

    impl embedded_io_async::Read for Wire<'_> {
        async fn read(&mut self, buf: &mut [u8]) -> Result<usize, Infallible> {
            let read = self.next(buf.len());
            buf[..read.len()].copy_from_slice(read);
            Ok(read.len())
        }
    }

    impl embedded_io_async::Write for Wire<'_> {
        async fn write(&mut self, buf: &[u8]) -> Result<usize, Infallible> {
            Ok(self.put(buf))
        }

        async fn flush(&mut self) -> Result<(), Infallible> {
            Ok(())
        }
    }
}
