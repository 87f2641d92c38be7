//! `h2` behind the client machine: a request that becomes HTTP/2, then more on the same connection.
//!
//! ```text
//! cargo run --example h2c_client -- http://127.0.0.1:8080/ [--requests 3]
//! ```
//!
//! All requests carry the same large fields, which HPACK sends without its dynamic table. The exit status is 0 where the
//! connection switched and every answer is 200.

#[path = "replay/options.rs"]
mod options;
#[path = "h2c/pump.rs"]
mod pump;

use std::error::Error;
use std::process::ExitCode;

use bytes::Bytes;
use h2::client::{ResponseFuture, SendRequest};
use http::StatusCode;
use http_upgrade::client::{Action, Uri};
use http_upgrade::h2c::{ClientBridge, Setting, Settings};
use http_upgrade::{Client, Offer, Protocol, UpgradeRequest};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const ENABLE_PUSH: u16 = 2;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const HELP: &str = "\
usage: h2c_client [OPTIONS] http://HOST[:PORT]/PATH

A request that becomes HTTP/2, then more on the same connection.

  --requests NUMBER       how many follow the one that is upgraded; 3 unless told otherwise

exit status:
  0  the connection switched, and every answer is 200
  1  it did not, or one is another
  2  the command line makes no sense, or the connection failed
";

fn main() -> ExitCode {
    options::main("h2c_client", |_| HELP.to_owned(), start)
}

fn start(args: &[String]) -> std::result::Result<bool, String> {
    let mut args = options::separated(args, HELP)?;
    let uri = options::take_positional(&mut args, HELP);
    options::check(&args, HELP)?;
    let uri = uri.ok_or("a URI is missing; --help says more")?;
    if !uri.to_ascii_lowercase().starts_with("http://") {
        return Err(format!("{uri}: h2c goes with http://"));
    }
    let count = options::number(&args, "--requests", 3)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    runtime
        .block_on(run(&uri, count))
        .map_err(|error| error.to_string())
}

/// Whether the connection switched and every answer is 200.
async fn run(text: &str, count: usize) -> Result<bool> {
    let uri = Uri::parse(text).map_err(|misuse| format!("{text}: {misuse}"))?;
    let port = if uri.authority.contains(':') {
        ""
    } else {
        ":80"
    };
    let mut socket = TcpStream::connect(format!("{}{port}", uri.authority)).await?;
    socket.set_nodelay(true)?;

    let large = "0123456789".repeat(200);
    let fields = [("x-large", large.as_str()), ("x-repeated", "again")];
    let mut settings = Settings::default();
    settings.push(Setting {
        id: ENABLE_PUSH,
        value: 0,
    })?;
    let offers = [Offer::h2c(&settings)];
    let request = UpgradeRequest::new("GET", uri)
        .fields(&fields)
        .offer(&offers);
    let Some(read) = switch(Client::new(vec![0; 8192], &request)?, &mut socket).await? else {
        return Ok(false);
    };

    let mut again = http::Request::get(text);
    for (name, value) in fields {
        again = again.header(name, value);
    }
    exchange(socket, read, &again.body(())?, count).await
}

/// HTTP/1.1 up to the switch: the bytes that were read behind it, or nothing where there was none.
async fn switch(
    mut client: Client<'_, Vec<u8>>,
    socket: &mut TcpStream,
) -> Result<Option<Vec<u8>>> {
    let mut read = Vec::with_capacity(4096); // and not taken
    loop {
        match client.action() {
            Action::Send => {
                println!("send");
                let mut message = vec![0; 8192];
                let len = client.send(&mut message)?;
                socket.write_all(&message[..len]).await?;
            }
            Action::Receive => {
                if read.is_empty() && socket.read_buf(&mut read).await? == 0 {
                    client.end_of_input();
                }
                read.drain(..client.receive(&read));
            }
            Action::Interim(_) => client.proceed()?,
            Action::Switch(Protocol::H2c, _) => {
                println!("switch h2c");
                return Ok(Some(read));
            }
            Action::Response(response) => {
                println!("response {}", response.code());
                return Ok(None);
            }
            Action::Close(Some(error)) => return Err(error.into()),
            _ => return Err("an end that was not asked for".into()),
        }
    }
}

/// The answer to the request that was upgraded, and `count` requests more, by `h2`, which knows nothing of all this.
async fn exchange(
    socket: TcpStream,
    read: Vec<u8>,
    request: &http::Request<()>,
    count: usize,
) -> Result<bool> {
    let (mut engine, theirs) = tokio::io::duplex(64 << 10);
    let mut first = Vec::new();
    let bridge = ClientBridge::start(|bytes| first.extend_from_slice(bytes));
    engine.write_all(&first).await?;
    tokio::spawn(async {
        if let Err(error) = pump::pump(bridge, socket, read, Vec::new(), engine).await {
            println!("lost: {error}");
        }
    });

    let (mut sender, connection) = h2::client::Builder::new()
        .enable_push(false)
        .handshake::<_, Bytes>(theirs)
        .await?;
    tokio::spawn(connection);
    let mut answers = Vec::new();
    // The first of them is the one that was upgraded: the bridge keeps it back, and stream 1 has its answer.
    for _ in 0..=count {
        let response = ask(&mut sender, request).await?;
        answers.push((response.stream_id(), tokio::spawn(answer(response))));
    }
    let mut is_fine = true;
    for (stream, answer) in answers {
        let (status, len) = answer.await??;
        println!("stream {} {} {len}", u32::from(stream), status.as_u16());
        is_fine &= status == StatusCode::OK;
    }
    Ok(is_fine)
}

async fn ask(
    sender: &mut SendRequest<Bytes>,
    request: &http::Request<()>,
) -> Result<ResponseFuture> {
    std::future::poll_fn(|context| sender.poll_ready(context)).await?;
    Ok(sender.send_request(request.clone(), true)?.0)
}

/// The status, and how many bytes of content there were.
async fn answer(response: ResponseFuture) -> std::result::Result<(StatusCode, usize), h2::Error> {
    let response = response.await?;
    let status = response.status();
    let mut body = response.into_body();
    let mut len = 0;
    while let Some(data) = body.data().await {
        let data = data?;
        len += data.len();
        body.flow_control().release_capacity(data.len())?;
    }
    Ok((status, len))
}
