//! What a strict server of this crate takes for a request, hyper takes for the same one.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake};

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, StatusCode, Uri};

use crate::input::{Input, Splits};
use crate::reference::grammar::same;
use crate::runs::server::{self, Log, Seen, Step};
use crate::runs::setup::Setup;
use crate::targets;

pub fn run(data: &[u8]) {
    // Every offer is ignored, all content is read, and the connection goes on.
    let setup = Setup::read(&mut Input(&[0, 0, 0, 0x42, 0x1a, 1, 0]));
    let log = server::run(&setup, data, Splits::Whole);
    targets::server::check(&setup, data, &log);
    let ours = requests(&log);
    let theirs = of_hyper(data);
    for (at, (seen, content)) in ours.iter().enumerate() {
        if is_beyond_hyper(seen) {
            return;
        }
        let Some(theirs) = theirs.get(at) else {
            panic!("hyper does not take {seen:?}");
        };
        let Some(content) = content else {
            return; // its content is not all there
        };
        if theirs.content.is_none() && has_many_lines(data) {
            return; // hyper takes as many trailers as fields
        }
        assert_eq!(
            theirs,
            &Request::new(seen, content),
            "another request for hyper"
        );
    }
}

/// Requests with their content, where that is complete.
fn requests(log: &Log) -> Vec<(Seen, Option<Vec<u8>>)> {
    let mut requests: Vec<(Seen, Option<Vec<u8>>)> = Vec::new();
    for (_, step) in &log.steps {
        match (step, requests.last_mut()) {
            (Step::Request(seen), _) => {
                let content = (seen.framing == http_upgrade::Framing::None).then(Vec::new);
                requests.push((Seen::clone(seen), content));
            }
            (Step::Content(content), Some((_, held))) => *held = Some(content.clone()),
            _ => {}
        }
    }
    // A request that is refused is none: there is none among those that a policy lets pass.
    requests
}

/// What hyper refuses for reasons of its own: it knows no minor version above 1, has a grammar of its own for targets, reads
/// an empty member of Transfer-Encoding as a coding, and has limits for names and lengths. In a Connection with an octet that
/// is no text it sees no option, so it may end a connection that its peer asks to keep.
fn is_beyond_hyper(seen: &Seen) -> bool {
    let is_other_coding = |(name, value): &(String, Vec<u8>)| {
        same(name.as_bytes(), b"transfer-encoding") && !same(value, b"chunked")
    };
    let is_no_text = |(name, value): &(String, Vec<u8>)| {
        same(name.as_bytes(), b"connection")
            && !value
                .iter()
                .all(|octet| matches!(octet, b'\t' | b' '..=b'~'))
    };
    const MOST: u64 = u64::MAX - 2;
    seen.fields.iter().any(is_other_coding)
        || seen.fields.iter().any(is_no_text)
        || matches!(seen.framing, http_upgrade::Framing::Length(length) if length > MOST)
        || seen.minor > 1
        || seen.method == "PRI"
        || Uri::try_from(&seen.target[..]).is_err()
        || Method::from_bytes(seen.method.as_bytes()).is_err()
}

/// Whether there may be more trailers than the 100 that hyper takes; the limit of this crate is one of octets.
fn has_many_lines(data: &[u8]) -> bool {
    data.iter().filter(|&&byte| byte == b'\n').count() > 100
}

/// What hyper made of a request.
#[derive(PartialEq, Eq, Debug)]
struct Request {
    method: String,
    target: Uri,
    /// Names in lower case, in their order, those of one name together.
    fields: Vec<(String, Vec<u8>)>,
    /// `None` where it is broken.
    content: Option<Vec<u8>>,
}

impl Request {
    fn new(seen: &Seen, content: &[u8]) -> Request {
        let lower = |(name, value): &(String, Vec<u8>)| (name.to_ascii_lowercase(), value.clone());
        let mut fields: Vec<_> = seen.fields.iter().map(lower).collect();
        fields.sort_by(|(a, _), (b, _)| a.cmp(b));
        Request {
            method: seen.method.clone(),
            target: Uri::try_from(&seen.target[..]).expect("checked"),
            fields,
            content: Some(content.to_vec()),
        }
    }
}

/// The requests that hyper takes from a connection with those bytes.
fn of_hyper(wire: &[u8]) -> Vec<Request> {
    let requests = Arc::new(Mutex::new(Vec::new()));
    let service = service_fn(|request: hyper::Request<Incoming>| {
        let requests = Arc::clone(&requests);
        async move {
            let (parts, body) = request.into_parts();
            let at = {
                let mut requests = requests.lock().expect("one thread");
                let lower =
                    |(name, value): (&hyper::header::HeaderName, &hyper::header::HeaderValue)| {
                        (name.as_str().to_owned(), value.as_bytes().to_vec())
                    };
                let mut fields: Vec<_> = parts.headers.iter().map(lower).collect();
                fields.sort_by(|(a, _), (b, _)| a.cmp(b));
                requests.push(Request {
                    method: parts.method.as_str().to_owned(),
                    target: parts.uri,
                    fields,
                    content: None,
                });
                requests.len() - 1
            };
            if let Ok(content) = body.collect().await {
                requests.lock().expect("one thread")[at].content =
                    Some(content.to_bytes().to_vec());
            }
            let status = if parts.method == Method::CONNECT {
                StatusCode::NOT_FOUND
            } else {
                StatusCode::OK
            };
            let mut response = hyper::Response::new(Empty::<Bytes>::new());
            *response.status_mut() = status;
            Ok::<_, Infallible>(response)
        }
    });
    let socket = Socket {
        bytes: wire.to_vec(),
        read: 0,
    };
    let connection = http1::Builder::new()
        .half_close(true)
        .serve_connection(socket, service);
    drive(connection);
    Arc::into_inner(requests)
        .expect("the connection is gone")
        .into_inner()
        .expect("one thread")
}

/// Polls for as long as that leads anywhere.
fn drive(future: impl Future) {
    struct Flag(AtomicBool);
    impl Wake for Flag {
        fn wake(self: Arc<Self>) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
    let flag = Arc::new(Flag(AtomicBool::new(true)));
    let waker = Arc::clone(&flag).into();
    let mut future = pin!(future);
    while flag.0.swap(false, Ordering::Relaxed) {
        if future
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_ready()
        {
            return;
        }
    }
}

/// Gives its bytes at once and then nothing, and takes any.
struct Socket {
    bytes: Vec<u8>,
    read: usize,
}

impl Read for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let rest = &self.bytes[self.read..];
        let len = rest.len().min(buffer.remaining());
        if len == 0 {
            return Poll::Pending;
        }
        buffer.put_slice(&rest[..len]);
        self.read += len;
        Poll::Ready(Ok(()))
    }
}

impl Write for Socket {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
