//! For tokio, hyper and `futures`.

use super::Wire;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

type Done<T = ()> = Poll<io::Result<T>>;

impl tokio::io::AsyncRead for Wire<'_> {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buf: &mut tokio::io::ReadBuf<'_>,
    ) -> Done {
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

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Done<usize> {
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
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        mut buf: hyper::rt::ReadBufCursor<'_>,
    ) -> Done {
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

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Done<usize> {
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
