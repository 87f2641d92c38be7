//! Each offer against each policy, with content and without: what comes of it is worked out here a second time, in words.

use crate::ends::{CONTENT, OF_CLIENT, PAGE};
use crate::wire::hello;
use crate::{Pair, Run};
use http_upgrade::client::Uri;
use http_upgrade::h2c::{Setting, Settings};
use http_upgrade::{
    Allow, Offer, Origins, Policy, Protocol, Status, UpgradeRequest, WebSocketOffer,
};

/// How a request carries its content.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Carries {
    Nothing,
    Whole,
    Streamed,
    WholeExpect,
    StreamedExpect,
}
use Carries::{Nothing, Streamed, StreamedExpect, Whole, WholeExpect};

/// What the server does.
#[derive(Clone, Copy, Debug)]
struct Side<'a> {
    allow: &'a [&'a str],
    require: &'a [&'a str],
    refusals: &'a [Status],
}

fn protocol(name: &str) -> Protocol<'_> {
    match name {
        "websocket" => Protocol::WebSocket,
        "h2c" => Protocol::H2c,
        "tls" => Protocol::Tls,
        token => Protocol::Token(token),
    }
}

fn allow(name: &str) -> Allow<'_> {
    match name {
        "websocket" => Allow::WEBSOCKET,
        "h2c" => Allow::H2C,
        "tls" => Allow::TLS.any_request(),
        token => Allow::token(token).any_request(),
    }
}

fn offers<'a>(
    names: &[&'a str],
    websocket: &'a WebSocketOffer<'a>,
    settings: &'a Settings,
) -> Vec<Offer<'a>> {
    let offer = |name: &&'a str| match *name {
        "websocket" => Offer::websocket(websocket),
        "h2c" => Offer::h2c(settings),
        "tls" => Offer::tls(&["TLS/1.3", "TLS/1.2"]).any_request(),
        token => Offer::token(token).any_request(),
    };
    names.iter().map(offer).collect()
}

/// The two logs, word by word.
#[derive(Default)]
struct Model {
    client: Vec<String>,
    server: Vec<String>,
    secure: bool,
    /// The content that came to either side.
    to_client: Vec<u8>,
    to_server: Vec<u8>,
}

impl Model {
    fn both(&mut self, client: &str, server: &str) {
        self.client.push(client.to_owned());
        self.server.push(server.to_owned());
    }

    fn is_fulfilled(&self, side: &Side<'_>) -> bool {
        side.require.is_empty() || (self.secure && side.require.contains(&"tls"))
    }

    /// The best of what the server allows and the client offers.
    fn accepted<'a>(&self, side: &Side<'a>, names: &[&str]) -> Option<&'a str> {
        let mut allowed = side.allow.iter().copied();
        allowed.find(|name| {
            names.contains(name) && (self.is_fulfilled(side) || side.require.contains(name))
        })
    }

    /// One request; whether another may follow on this connection.
    fn request(
        &mut self,
        side: &Side<'_>,
        names: &[&str],
        carries: Carries,
        refusal: Option<Status>,
    ) -> bool {
        let method = if carries == Nothing { "GET" } else { "POST" };
        self.both("send", &format!("request {method} /secret"));
        let accepted = self.accepted(side, names);
        let is_required = accepted.is_none() && !self.is_fulfilled(side);
        let waits = matches!(carries, WholeExpect | StreamedExpect);
        if let Some(status) = refusal.or(is_required.then_some(Status::UPGRADE_REQUIRED)) {
            self.both(
                &format!("response {}", status.code()),
                &format!("send {}", status.code()),
            );
            self.to_client.extend(format!("{status}\n").into_bytes());
            if waits {
                // The content was not asked for, so that nothing can follow it.
                self.both("new connection", "close");
            } else {
                self.client.push("same connection".into());
                self.receive(carries);
            }
            return !waits;
        }
        if waits {
            self.both("interim 100", "send 100");
        }
        if carries == WholeExpect {
            self.client.push("send".into());
        }
        self.receive(carries);
        if let Some(name) = accepted {
            self.server.push("send 101".into());
            self.both(&format!("switch {name}"), &format!("switch {name}"));
            if name != "tls" {
                return false;
            }
            self.secure = true;
        }
        self.both("response 200", "respond");
        self.client.push("same connection".into());
        self.to_client.extend(PAGE);
        true
    }

    fn receive(&mut self, carries: Carries) {
        if carries != Nothing {
            self.to_server.extend(CONTENT);
        }
    }

    fn compare(&self, run: &Run) {
        assert_eq!(run.client, self.client.join(", "));
        assert_eq!(run.server, self.server.join(", "));
        assert_eq!(run.client_content, self.to_client);
        assert_eq!(run.server_content, self.to_server);
        let last = self
            .client
            .last()
            .and_then(|step| step.strip_prefix("switch "));
        assert_eq!(run.switched, [last; 2].map(|name| name.map(str::to_owned)));
        if last.is_none() {
            assert_eq!(
                (&run.client_rest[..], &run.server_rest[..]),
                (&[][..], &[][..])
            );
        }
    }
}

/// Runs a client with those offers against that server: one request, and another one where the connection stays.
fn check(names: &[&str], carries: Carries, side: Side<'_>) {
    let [first, second] =
        [[1; 16], [2; 16]].map(|key| WebSocketOffer::new(key).subprotocols(&["chat.v2", "chat"]));
    let mut settings = Settings::default();
    settings
        .push(Setting { id: 3, value: 100 })
        .expect("a setting");
    // TLS and h2c are no offers inside TLS.
    let again = if names.contains(&"tls") {
        &["websocket"]
    } else {
        names
    };
    let [offered, more] =
        [(names, &first), (again, &second)].map(|(names, key)| offers(names, key, &settings));
    let uri = Uri::parse("http://example.org/secret").expect("a URI");
    let request = UpgradeRequest::new(if carries == Nothing { "GET" } else { "POST" }, uri);
    let request = match carries {
        Nothing => request,
        Whole | WholeExpect => request.content(CONTENT),
        Streamed | StreamedExpect => request.content_length(CONTENT.len() as u64),
    };
    let request = match carries {
        WholeExpect | StreamedExpect => request.expect_continue(),
        _ => request,
    };
    let requests = [
        request.offer(&offered),
        UpgradeRequest::new("GET", uri).offer(&more),
    ];

    let mut model = Model::default();
    let mut refusals = side.refusals.iter().copied();
    let is_next = model.request(&side, names, carries, refusals.next());
    let switches_at_once = model
        .client
        .last()
        .is_some_and(|step| step.starts_with("switch "));
    if is_next {
        model.request(&side, again, Nothing, refusals.next());
    }
    let allowed: Vec<Allow<'_>> = side.allow.iter().map(|name| allow(name)).collect();
    let required: Vec<Protocol<'_>> = side.require.iter().map(|name| protocol(name)).collect();
    let policy = Policy::new(Origins::SameHost)
        .allow(&allowed)
        .require(&required);
    let pair = Pair {
        refusals: side.refusals,
        ..Pair::new(&requests, &policy)
    };
    model.compare(&pair.run());

    // The same with the first bytes of what takes over right behind the request.
    let early = match model.secure {
        true => vec![hello()],
        false if switches_at_once => vec![OF_CLIENT.to_vec()],
        false => return,
    };
    model.compare(
        &Pair {
            early: &early,
            ..pair
        }
        .run(),
    );
}

/// Against every kind of server, `all` of the protocols there are.
fn against_every_policy(names: &[&str], carries: &[Carries]) {
    const ALL: &[&str] = &["tls", "b/2", "a/1", "tcp", "h2c", "websocket"];
    const NONE: Side<'_> = Side {
        allow: &["other"],
        require: &[],
        refusals: &[],
    };
    for &carries in carries {
        check(names, carries, NONE);
        check(
            names,
            carries,
            Side {
                require: &["other"],
                ..NONE
            },
        );
        check(names, carries, Side { allow: ALL, ..NONE });
        for name in names {
            let side = Side {
                allow: &[name],
                ..NONE
            };
            check(names, carries, side);
            check(
                names,
                carries,
                Side {
                    require: &[name],
                    ..side
                },
            );
            check(
                names,
                carries,
                Side {
                    allow: ALL,
                    require: &[name],
                    ..NONE
                },
            );
        }
        for status in [
            Status::UNAUTHORIZED,
            Status::FORBIDDEN,
            Status::UPGRADE_REQUIRED,
        ] {
            check(
                names,
                carries,
                Side {
                    allow: ALL,
                    refusals: &[status],
                    ..NONE
                },
            );
        }
    }
}

const ANY: &[Carries] = &[Nothing, Whole, Streamed, WholeExpect, StreamedExpect];

macro_rules! offers {
    ($($test:ident: $names:expr, $carries:expr;)+) => {
        $(#[test] fn $test() { against_every_policy(&$names, $carries); })+
    };
}

offers! {
    websocket: ["websocket"], &[Nothing];
    h2c: ["h2c"], ANY;
    tls: ["tls"], ANY;
    token: ["tcp"], ANY;
    websocket_and_h2c: ["websocket", "h2c"], &[Nothing];
    h2c_and_a_token: ["h2c", "tcp"], &[Whole, StreamedExpect];
    tls_and_websocket: ["tls", "websocket"], &[Nothing];
    tls_and_h2c: ["h2c", "tls"], &[Nothing, WholeExpect];
    two_tokens: ["a/1", "b/2"], &[Nothing, Streamed];
    none: [], ANY;
}
