//! A server with TLS inside HTTP/1.1 (RFC 2817) on `std` and rustls, one thread a connection: a page, a small fixed answer to
//! IPP, and a WebSocket at `/echo`, in clear text and inside TLS.
//!
//! ```text
//! cargo run --example tls_server -- [--port 8631] [--require] [--any-request]
//! ```
//!
//! `--require` answers 426 to everything in clear text. `--any-request` takes up offers of TLS in other requests than
//! `OPTIONS *`. There are two virtual hosts, `127.0.0.1` and `localhost`, each with a certificate made at start-up; the request
//! in clear text says which it means. Read `http_upgrade::tls` about the risks.

#[path = "replay/options.rs"]
mod options;
#[path = "server/socket.rs"]
#[allow(dead_code, reason = "shared by several examples")]
mod socket;
mod tls;

use std::io;
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use socket::{Log, linger};
use tls::hosts::Host;
use tls::server::{ANY, CAREFUL, Site, serve};

const HELP: &str = "\
usage: tls_server [OPTIONS]

TLS inside HTTP/1.1 (RFC 2817) on 127.0.0.1: a page, a small fixed answer to IPP, and a WebSocket at /echo.

  --port NUMBER           8631 unless told otherwise; 0 is any that is free
  --require               426 to everything in clear text
  --any-request           take up offers of TLS in other requests than OPTIONS *
";

/// How long a peer may take over the next bytes that it owes.
const PATIENCE: Duration = Duration::from_secs(30);

fn main() -> ExitCode {
    options::main("tls_server", |_| HELP.to_owned(), run)
}

fn run(args: &[String]) -> Result<bool, String> {
    let args = options::separated(args, HELP)?;
    options::check(&args, HELP)?;
    let port = options::number(&args, "--port", 8631_u16)?;
    let site: &Site = Box::leak(Box::new(site(&args)?));
    let listener =
        TcpListener::bind(("127.0.0.1", port)).map_err(|error| format!("port {port}: {error}"))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    println!("listening on http://{address}/");
    for (host, name) in site.hosts.iter().zip(HOSTS) {
        println!("the certificate of {name} is {}", host.fingerprint);
    }
    println!(
        "try: cargo run --example tls_client -- http://{address}/ --mandatory --certificate {}",
        site.hosts.first().map_or("", |host| &host.fingerprint)
    );
    for (number, socket) in (1_u64..).zip(listener.incoming()) {
        std::thread::spawn(move || {
            let log = Log(number);
            let served = socket.and_then(|socket| visit(&socket, site, log));
            if let Err(error) = served {
                log.line(&format!("lost: {error}"));
            }
        });
    }
    Ok(true)
}

const HOSTS: [&str; 2] = ["127.0.0.1", "localhost"];

fn site(args: &[String]) -> Result<Site<'static>, String> {
    let mut policy = if options::has(args, "--any-request") {
        ANY
    } else {
        CAREFUL
    };
    if options::has(args, "--require") {
        policy = policy.require(&[http_upgrade::Protocol::Tls]);
    }
    let hosts = HOSTS.map(|name| Host::new(name).map_err(|error| format!("{name}: {error}")));
    let hosts = hosts.into_iter().collect::<Result<Vec<_>, _>>()?;
    // Both live as long as the process.
    Ok(Site {
        policy: Box::leak(Box::new(policy)),
        hosts: hosts.leak(),
    })
}

fn visit(socket: &TcpStream, site: &Site, log: Log) -> io::Result<()> {
    socket.set_read_timeout(Some(PATIENCE))?;
    socket.set_write_timeout(Some(PATIENCE))?;
    socket.set_nodelay(true)?;
    serve(socket, site, &|line| log.line(line))?;
    linger(socket);
    Ok(())
}
