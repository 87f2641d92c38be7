//! A client and a server joined by a wire that cuts what it carries anywhere: what the one sends, the other understands,
//! both agree on what took over, and not a byte of it is lost.

mod ends;
mod matrix;
mod middle;
mod tls;
mod wire;

use ends::{Answerer, Asker, OF_CLIENT, OF_SERVER};
use http_upgrade::{Policy, Status, UpgradeRequest};
use wire::{Cut, Pipe};

/// Two applications on one connection.
#[derive(Clone, Copy)]
pub(crate) struct Pair<'a> {
    /// What the client sends: the first, and the next ones when the connection stays.
    pub requests: &'a [UpgradeRequest<'a>],
    /// What the client says behind each request, before it is answered.
    pub early: &'a [Vec<u8>],
    pub policy: &'a Policy<'a>,
    /// The statuses with which the server refuses the first requests.
    pub refusals: &'a [Status],
    /// What somebody in the middle makes of each message of the client, and of the server.
    pub up: fn(&[u8]) -> Vec<u8>,
    pub down: fn(&[u8]) -> Vec<u8>,
}

/// What came of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Run {
    pub client: String,
    pub server: String,
    /// What each has of the new protocol, or has not taken otherwise.
    pub client_rest: Vec<u8>,
    pub server_rest: Vec<u8>,
    /// The content that came to each.
    pub client_content: Vec<u8>,
    pub server_content: Vec<u8>,
    /// All that the client put on the wire.
    pub sent: Vec<u8>,
    pub switched: [Option<String>; 2],
}

impl<'a> Pair<'a> {
    pub fn new(requests: &'a [UpgradeRequest<'a>], policy: &'a Policy<'a>) -> Pair<'a> {
        let (up, down) = (<[u8]>::to_vec as fn(&[u8]) -> Vec<u8>, <[u8]>::to_vec as _);
        Pair {
            requests,
            early: &[],
            policy,
            refusals: &[],
            up,
            down,
        }
    }

    /// The run, the same however the wire cuts. Both ends speak the same protocol now, and have all bytes of it; or neither.
    pub fn run(&self) -> Run {
        let run = self.run_without_agreement();
        let [client, server] = &run.switched;
        assert_eq!(client, server, "agreement");
        if client.is_some() {
            assert_eq!(run.client_rest, OF_SERVER);
            assert_eq!(run.server_rest, OF_CLIENT);
        }
        run
    }

    /// The run, the same however the wire cuts.
    pub fn run_without_agreement(&self) -> Run {
        let whole = self.run_cut(Cut::Every(usize::MAX), Cut::Every(usize::MAX));
        let (up, down) = self.lengths();
        let both = |up, down| {
            assert_eq!(
                self.run_cut(up, down),
                whole,
                "{up:?} from the client, {down:?} from the server"
            );
        };
        for (at, other) in (1..up.max(down)).map(|at| (at, at * 7)) {
            both(Cut::At(at), Cut::At(other % down));
            both(Cut::At(other % up), Cut::At(at));
        }
        for size in 1..40 {
            both(Cut::Every(size), Cut::Every(size));
            both(Cut::Every(size), Cut::Every(usize::MAX));
            both(Cut::Every(usize::MAX), Cut::Every(size));
        }
        whole
    }

    /// [`Pair::run`], and two cuts together: every fifth of the one direction with every third of the other, at an offset that
    /// goes round, so that each point is met.
    pub fn run_with_two_cuts(&self) -> Run {
        let whole = self.run();
        let (up, down) = self.lengths();
        for (round, at) in (1..up).step_by(5).enumerate() {
            for other in (1 + round % 3..down).step_by(3) {
                let run = self.run_cut(Cut::At(at + round % 5), Cut::At(other));
                assert_eq!(
                    run, whole,
                    "cut at {at} from the client, at {other} from the server"
                );
            }
        }
        whole
    }

    /// How many bytes go each way.
    fn lengths(&self) -> (usize, usize) {
        let (up, down) = self
            .connect(Cut::Every(usize::MAX), Cut::Every(usize::MAX))
            .1;
        (up.sent.len() + 1, down.sent.len() + 1)
    }

    fn run_cut(&self, up: Cut, down: Cut) -> Run {
        self.connect(up, down).0
    }

    fn connect(&self, up: Cut, down: Cut) -> (Run, (Pipe, Pipe)) {
        let (mut up, mut down) = (Pipe::new(up, self.up), Pipe::new(down, self.down));
        let mut client = Asker::new(self.requests, self.early);
        let mut server = Answerer::new(self.policy, self.refusals);
        let mut is_moving = true;
        while is_moving {
            is_moving = false;
            while client.step(&mut down, &mut up) {
                is_moving = true;
            }
            while server.step(&mut up, &mut down) {
                is_moving = true;
            }
        }
        let run = Run {
            client_rest: client.end.rest(&mut down),
            server_rest: server.end.rest(&mut up),
            client: client.steps.join(", "),
            server: server.steps.join(", "),
            client_content: client.content,
            server_content: server.content,
            sent: up.sent.clone(),
            switched: [client.switched, server.switched],
        };
        (run, (up, down))
    }
}
