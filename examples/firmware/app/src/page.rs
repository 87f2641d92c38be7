//! The pages, for HTTP/1.1 and HTTP/2 alike.

use crate::vitals::{Line, Vitals};
use http_upgrade::{Request, Status};

const LIVE: &[u8] = include_bytes!("page.html");

/// The answer to an ordinary request, and how much of its content was sent.
pub struct Page {
    pub status: Status,
    pub media_type: &'static str,
    content: Content,
    sent: usize,
}

enum Content {
    Flash(&'static [u8]),
    Made(Line),
}

impl Page {
    pub fn find(request: &Request, vitals: &Vitals) -> Page {
        if !matches!(request.method(), "GET" | "HEAD") {
            return Page::text(Status::NOT_IMPLEMENTED, "only GET and HEAD\n");
        }
        match path(request) {
            "/" => Page::new(Status::OK, "text/html; charset=utf-8", Content::Flash(LIVE)),
            "/stats" => Page::new(Status::OK, "application/json", Content::Made(vitals.json())),
            _ => Page::text(Status::NOT_FOUND, "nothing here\n"),
        }
    }

    /// The length of its content.
    pub fn len(&self) -> usize {
        self.content().len()
    }

    /// What of the content was not sent yet.
    pub fn rest(&self) -> &[u8] {
        self.content().get(self.sent..).unwrap_or_default()
    }

    pub fn advance(&mut self, sent: usize) {
        self.sent = self.sent.saturating_add(sent);
    }

    /// For a HEAD, whose answer has no content.
    pub fn skip_content(&mut self) {
        self.sent = self.len();
    }

    fn content(&self) -> &[u8] {
        match &self.content {
            Content::Flash(bytes) => bytes,
            Content::Made(line) => line.as_bytes(),
        }
    }

    const fn text(status: Status, text: &'static str) -> Page {
        Page::new(
            status,
            "text/plain; charset=utf-8",
            Content::Flash(text.as_bytes()),
        )
    }

    const fn new(status: Status, media_type: &'static str, content: Content) -> Page {
        Page {
            status,
            media_type,
            content,
            sent: 0,
        }
    }
}

/// The target without its query.
pub fn path<'r>(request: &Request<'r>) -> &'r str {
    let target = request.target();
    target.split_once('?').map_or(target, |(path, _)| path)
}
