//! Heads (RFC 9112), read as a whole.

use super::Read;
use super::grammar::{is_authority, is_port, is_token, is_value, members, number, same, trim};

/// A field line: name and value.
pub type Line = (Vec<u8>, Vec<u8>);

/// A start-line and field lines.
pub struct Lines {
    pub start: Vec<u8>,
    pub fields: Vec<Line>,
    /// The bytes of all of it, empty lines in front included.
    pub len: usize,
    pub empty_lines: usize,
    /// A line ended in LF alone.
    pub lone_lf: bool,
}

/// What may be read that RFC 9112 lets a recipient choose.
#[derive(Clone, Copy, Default)]
pub struct Rules {
    pub lone_lf: bool,
    /// Folded lines are joined, and there are no empty lines in front: a response.
    pub response: bool,
    pub ignore_expectations: bool,
}

/// Field lines of which lists may have so many members together.
const MOST_MEMBERS: usize = 100;
const MOST_FIELDS: usize = 100;
const MOST_EMPTY_LINES: usize = 4;

impl Lines {
    pub fn read(bytes: &[u8], rules: Rules) -> Read<Lines> {
        let (mut lines, mut at, mut empty_lines, mut lone_lf) = (Vec::new(), 0, 0, false);
        loop {
            let Some(len) = bytes[at..].iter().position(|&byte| byte == b'\n') else {
                return Read::Incomplete;
            };
            let line = &bytes[at..at + len];
            at += len + 1;
            let line = match line {
                [line @ .., b'\r'] => line,
                _ if rules.lone_lf => {
                    lone_lf = true;
                    line
                }
                _ => return Read::Refused("LF without CR"),
            };
            match (line, lines.is_empty()) {
                ([], true) if empty_lines == MOST_EMPTY_LINES || rules.response => {
                    return Read::Refused("empty lines");
                }
                ([], true) => empty_lines += 1,
                ([], false) => break,
                _ => lines.push(line),
            }
        }
        let Some(fields) = fields(&lines[1..], rules) else {
            return Read::Refused("no field line");
        };
        if lines.len() - 1 > MOST_FIELDS {
            return Read::Refused("too many fields");
        }
        Read::Complete(Lines {
            start: lines[0].to_vec(),
            fields,
            len: at,
            empty_lines,
            lone_lf,
        })
    }

    pub fn all(&self, name: &str) -> Vec<&[u8]> {
        let named = self
            .fields
            .iter()
            .filter(|(found, _)| same(found, name.as_bytes()));
        named.map(|(_, value)| &value[..]).collect()
    }

    pub fn list(&self, name: &str) -> Vec<&[u8]> {
        self.all(name).into_iter().flat_map(members).collect()
    }

    pub fn has_member(&self, name: &str, member: &str) -> bool {
        self.list(name)
            .iter()
            .any(|found| same(found, member.as_bytes()))
    }

    /// Those were seen, in this order.
    pub fn check(&self, seen: &[(String, Vec<u8>)]) {
        let fields = seen
            .iter()
            .map(|(name, value)| (name.as_bytes(), &value[..]));
        let expected = self.fields.iter();
        let expected = expected.map(|(name, value)| (&name[..], &value[..]));
        assert!(fields.eq(expected), "fields: {seen:?}, {:?}", self.fields);
    }

    /// Those of the application are there, in their order.
    pub fn check_order(&self, fields: &[http_upgrade::Field<'_>]) {
        let mut at = 0;
        for (name, value) in fields {
            let is_it = |(found, held): &Line| found == name.as_bytes() && held == value.as_bytes();
            at += 1 + self.fields[at..]
                .iter()
                .position(is_it)
                .expect("a field of the application is missing");
        }
    }

    /// Whether fields of that name end at one connection (RFC 9110 section 7.6.1).
    pub fn is_hop_by_hop(&self, name: &[u8]) -> bool {
        const ALWAYS: [&str; 7] = [
            "connection",
            "upgrade",
            "http2-settings",
            "keep-alive",
            "proxy-connection",
            "te",
            "transfer-encoding",
        ];
        const NEVER: [&str; 5] = [
            "host",
            "origin",
            "cookie",
            "authorization",
            "content-length",
        ];
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        let is_never = NEVER.contains(&&name[..]) || name.starts_with("sec-websocket-");
        ALWAYS.contains(&&name[..]) || (!is_never && self.has_member("connection", &name))
    }

    /// Members of those lists, empty ones included.
    fn has_too_many_members(&self, names: &[&str]) -> bool {
        let values = names.iter().flat_map(|name| self.all(name));
        let members: usize = values
            .map(|value| value.split(|&byte| byte == b',').count())
            .sum();
        members > MOST_MEMBERS
    }
}

fn fields(lines: &[&[u8]], rules: Rules) -> Option<Vec<Line>> {
    let mut unfolded: Vec<Vec<u8>> = Vec::new();
    for line in lines {
        match (line, unfolded.last_mut()) {
            ([b' ' | b'\t', ..], Some(last)) if rules.response => {
                last.extend(b"  ");
                last.extend(*line);
            }
            _ => unfolded.push(line.to_vec()),
        }
    }
    unfolded.iter().map(|line| field(line)).collect()
}

fn field(line: &[u8]) -> Option<Line> {
    let colon = line.iter().position(|&byte| byte == b':')?;
    let (name, value) = (&line[..colon], trim(&line[colon + 1..]));
    (is_token(name) && is_value(&line[colon + 1..])).then(|| (name.to_vec(), value.to_vec()))
}

/// How content is delimited.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Body {
    None,
    Length(u64),
    Chunked,
    UntilClose,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    Origin,
    Http,
    Https,
    Foreign,
    Authority,
    Asterisk,
}

pub struct Request {
    pub method: Vec<u8>,
    pub target: Vec<u8>,
    pub form: Form,
    pub authority: Vec<u8>,
    pub minor: u8,
    pub body: Body,
    pub lines: Lines,
}

impl Request {
    pub fn read(bytes: &[u8], rules: Rules) -> Read<Request> {
        match Lines::read(bytes, rules) {
            Read::Complete(lines) => match Request::judge(lines, rules) {
                Ok(request) => Read::Complete(request),
                Err(rule) => Read::Refused(rule),
            },
            Read::Incomplete => Read::Incomplete,
            Read::Refused(rule) => Read::Refused(rule),
        }
    }

    fn judge(lines: Lines, rules: Rules) -> Result<Request, &'static str> {
        let parts: Vec<&[u8]> = lines.start.split(|&byte| byte == b' ').collect();
        let [method, target, version] = parts[..] else {
            return Err("request-line");
        };
        if !is_token(method) || method == b"PRI" {
            return Err("method");
        }
        let minor = minor(version).ok_or("version")?;
        if target.is_empty()
            || !target
                .iter()
                .all(|&byte| byte.is_ascii_graphic() && byte != b'#')
        {
            return Err("target");
        }
        let (form, of_target) = form(method, target).ok_or("form of the target")?;
        let of_host = match lines.all("host")[..] {
            [] if minor == 0 => &[],
            [host] if is_authority(host) => host,
            _ => return Err("Host"),
        };
        let authority = of_target.unwrap_or(of_host).to_vec();
        if minor > 0 && !rules.ignore_expectations {
            let known = |member: &&[u8]| same(member, b"100-continue");
            if !lines.list("expect").iter().all(known) {
                return Err("Expect");
            }
        }
        if lines.has_too_many_members(&["connection", "upgrade", "expect"]) {
            return Err("members of lists");
        }
        let body = body(&lines, minor)?;
        let (method, target) = (method.to_vec(), target.to_vec());
        Ok(Request {
            method,
            target,
            form,
            authority,
            minor,
            body,
            lines,
        })
    }

    pub fn has_upgrade_option(&self) -> bool {
        self.lines.has_member("connection", "upgrade")
    }

    /// Everything in Connection is a token, and every line ends in CRLF.
    pub fn is_exact(&self) -> bool {
        !self.lines.lone_lf
            && self
                .lines
                .list("connection")
                .iter()
                .all(|option| is_token(option))
    }

    pub fn expects_continue(&self) -> bool {
        self.minor > 0 && self.lines.has_member("expect", "100-continue")
    }

    /// RFC 9112 section 9.3.
    pub fn persists(&self) -> bool {
        persists(&self.lines, self.minor)
    }
}

fn persists(lines: &Lines, minor: u8) -> bool {
    let has = |option| lines.has_member("connection", option);
    !has("close") && (minor > 0 || has("keep-alive"))
}

fn minor(version: &[u8]) -> Option<u8> {
    match version {
        [
            b'H',
            b'T',
            b'T',
            b'P',
            b'/',
            b'1',
            b'.',
            minor @ b'0'..=b'9',
        ] => Some(minor - b'0'),
        _ => None,
    }
}

/// RFC 9112 section 3.2: the form, and the authority that it holds.
fn form<'t>(method: &[u8], target: &'t [u8]) -> Option<(Form, Option<&'t [u8]>)> {
    if method == b"CONNECT" {
        let colon = target.iter().rposition(|&byte| byte == b':')?;
        let port = &target[colon + 1..];
        let is_port = is_port(port) && number(port).is_some_and(|port| port > 0);
        return (colon > 0 && is_port && is_authority(target))
            .then_some((Form::Authority, Some(target)));
    }
    if method == b"OPTIONS" && target == b"*" {
        return Some((Form::Asterisk, None));
    }
    if target.starts_with(b"/") {
        return Some((Form::Origin, None));
    }
    let text = std::str::from_utf8(target).ok()?;
    let (scheme, rest) = text.split_once("://")?;
    let mut letters = scheme.bytes();
    let is_scheme = letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let authority = rest.split(['/', '?']).next()?.as_bytes();
    if !is_scheme || authority.is_empty() || !is_authority(authority) {
        return None;
    }
    let form = match scheme.to_ascii_lowercase().as_str() {
        "http" => Form::Http,
        "https" => Form::Https,
        _ => Form::Foreign,
    };
    Some((form, Some(authority)))
}

/// RFC 9112 section 6.3, with no doubt left.
fn body(lines: &Lines, minor: u8) -> Result<Body, &'static str> {
    let codings = lines.all("transfer-encoding");
    match (&codings[..], &lines.all("content-length")[..]) {
        ([], []) => Ok(Body::None),
        ([], [length]) => match number(length).ok_or("Content-Length")? {
            0 => Ok(Body::None),
            length => Ok(Body::Length(length)),
        },
        ([], _) => Err("Content-Length twice"),
        (_, []) if minor > 0 && codings.iter().all(|line| !members(line).is_empty()) => {
            match lines.list("transfer-encoding")[..] {
                [coding] if same(coding, b"chunked") => Ok(Body::Chunked),
                _ => Err("transfer codings"),
            }
        }
        _ => Err("Transfer-Encoding in HTTP/1.0, empty, or beside Content-Length"),
    }
}

pub struct Response {
    pub code: u16,
    pub minor: u8,
    pub lines: Lines,
}

impl Response {
    /// `no_space`: a status-line may end behind the code.
    pub fn read(bytes: &[u8], no_space: bool) -> Read<Response> {
        let rules = Rules {
            response: true,
            ..Rules::default()
        };
        let lines = match Lines::read(bytes, rules) {
            Read::Complete(lines) => lines,
            Read::Incomplete => return Read::Incomplete,
            Read::Refused(rule) => return Read::Refused(rule),
        };
        if lines.has_too_many_members(&["connection", "upgrade"]) {
            return Read::Refused("members of lists");
        }
        let start = &lines.start;
        let code = start
            .get(9..12)
            .filter(|code| code.iter().all(u8::is_ascii_digit))
            .and_then(number);
        let is_end = match start.get(12..).unwrap_or_default() {
            [] => no_space,
            [b' ', reason @ ..] => is_value(reason),
            _ => false,
        };
        match (start.get(..8).and_then(minor), start.get(8), code) {
            (Some(minor), Some(b' '), Some(code)) if is_end => Read::Complete(Response {
                code: u16::try_from(code).unwrap_or(u16::MAX),
                minor,
                lines,
            }),
            _ => Read::Refused("status-line"),
        }
    }

    pub fn persists(&self) -> bool {
        persists(&self.lines, self.minor)
    }

    /// How the content is delimited, if the response has any (RFC 9112 section 6.3); `None` where that cannot be said.
    pub fn body(&self) -> Option<Body> {
        let codings = self.lines.list("transfer-encoding");
        let is_chunked = |coding: &&[u8]| same(coding, b"chunked");
        let is_empty = |line: &&[u8]| members(line).is_empty();
        if self.lines.all("transfer-encoding").iter().any(is_empty) {
            return None;
        }
        if let Some((last, before)) = codings.split_last() {
            let name = |coding: &[u8]| {
                coding
                    .split(|&byte| b"; \t".contains(&byte))
                    .next()
                    .unwrap_or_default()
                    .to_vec()
            };
            let is_other =
                |coding: &&[u8]| is_token(&name(coding)) && !same(&name(coding), b"chunked");
            return match (is_chunked(last), before.iter().all(is_other)) {
                (true, true) => Some(Body::Chunked),
                (false, true) if is_other(last) => {
                    let lengths = self.lines.all("content-length");
                    let is_fine =
                        lengths.is_empty() || (lengths.len() == 1 && number(lengths[0]).is_some());
                    is_fine.then_some(Body::UntilClose)
                }
                _ => None,
            };
        }
        match self.lines.all("content-length")[..] {
            [] => Some(Body::UntilClose),
            [length] => number(length).map(|length| match length {
                0 => Body::None,
                length => Body::Length(length),
            }),
            _ => None,
        }
    }
}
