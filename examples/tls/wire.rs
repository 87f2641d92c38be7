//! A connection that begins in clear text and goes on inside TLS.

use std::io::{self, ErrorKind, Read, Write};
use std::sync::Arc;

use rustls::server::{AcceptedAlert, Acceptor, ClientHello};
use rustls::{ClientConnection, Connection, ServerConfig};

/// A socket, and the bytes that were read from it and not taken.
pub struct Wire<S> {
    socket: Early<S>,
    layer: Layer,
    read: Vec<u8>,
}

enum Layer {
    Clear,
    Tls(Box<Connection>),
    /// A handshake is under way or has failed: nothing can be written in clear text any more.
    Closed,
}

/// The socket as the TLS layer sees it: what was read in clear text behind the switch comes first. It belongs to TLS, and to
/// nothing else.
struct Early<S> {
    bytes: Vec<u8>,
    socket: S,
}

impl<S: Read + Write> Wire<S> {
    pub fn new(socket: S) -> Wire<S> {
        Wire {
            socket: Early {
                bytes: Vec::new(),
                socket,
            },
            layer: Layer::Clear,
            read: Vec::new(),
        }
    }

    /// The bytes that were read and not taken.
    pub fn unread(&mut self) -> &mut [u8] {
        &mut self.read
    }

    pub fn take(&mut self, bytes: usize) {
        self.read.drain(..bytes);
    }

    /// How many bytes are here without another read: those inside TLS too, which came with the end of the handshake.
    pub fn pending(&mut self) -> usize {
        let inside = match &mut self.layer {
            Layer::Tls(tls) => tls.process_new_packets().ok(),
            _ => None,
        };
        self.read.len() + inside.map_or(0, |state| state.plaintext_bytes_to_read())
    }

    /// Reads what is there. 0 is the end as it should be: of the socket in clear text, by a closure alert inside TLS, where the
    /// end of the socket alone is `UnexpectedEof`.
    pub fn fill(&mut self) -> io::Result<usize> {
        let mut bytes = [0; 4096];
        let len = match &mut self.layer {
            Layer::Clear => self.socket.read(&mut bytes)?,
            Layer::Tls(tls) => read_inside(tls, &mut self.socket, &mut bytes)?,
            Layer::Closed => return Err(ErrorKind::NotConnected.into()),
        };
        self.read.extend_from_slice(&bytes[..len]);
        Ok(len)
    }

    pub fn write_all(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        match &mut self.layer {
            Layer::Clear => self.socket.write_all(bytes),
            Layer::Tls(tls) => {
                while !bytes.is_empty() {
                    let len = tls.writer().write(bytes)?;
                    bytes = &bytes[len..];
                    flush(tls, &mut self.socket)?;
                }
                Ok(())
            }
            Layer::Closed => Err(ErrorKind::NotConnected.into()),
        }
    }

    /// The server's side of the handshake, with the configuration that `choose` has for the client's first message.
    pub fn accept(
        &mut self,
        choose: impl FnOnce(&ClientHello) -> Result<Arc<ServerConfig>, String>,
    ) -> io::Result<()> {
        self.leave_clear_text();
        let mut acceptor = Acceptor::default();
        let accepted = loop {
            if acceptor.read_tls(&mut self.socket)? == 0 {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            match acceptor.accept() {
                Ok(Some(accepted)) => break accepted,
                Ok(None) => {}
                Err(refused) => return Err(refuse(refused, &mut self.socket)),
            }
        };
        let config = choose(&accepted.client_hello()).map_err(io::Error::other)?;
        match accepted.into_connection(config) {
            Ok(connection) => self.shake_hands(connection.into()),
            Err(refused) => Err(refuse(refused, &mut self.socket)),
        }
    }

    /// The client's side of the handshake.
    pub fn connect(&mut self, connection: ClientConnection) -> io::Result<()> {
        self.leave_clear_text();
        self.shake_hands(connection.into())
    }

    fn leave_clear_text(&mut self) {
        self.layer = Layer::Closed;
        self.socket.bytes = std::mem::take(&mut self.read);
    }

    fn shake_hands(&mut self, mut connection: Connection) -> io::Result<()> {
        // What came with the first message is looked at before more is read.
        if let Err(error) = connection.process_new_packets() {
            let _ = flush(&mut connection, &mut self.socket);
            return Err(io::Error::other(error));
        }
        connection.complete_io(&mut self.socket)?;
        if connection.is_handshaking() {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        flush(&mut connection, &mut self.socket)?;
        self.layer = Layer::Tls(Box::new(connection));
        Ok(())
    }

    /// The certificate of the peer, in DER.
    pub fn certificate(&self) -> Option<&[u8]> {
        match &self.layer {
            Layer::Tls(tls) => tls.peer_certificates()?.first().map(AsRef::as_ref),
            _ => None,
        }
    }

    /// Such as `TLSv1_3`; `None` in clear text.
    pub fn version(&self) -> Option<String> {
        match &self.layer {
            Layer::Tls(tls) => tls.protocol_version().map(|version| format!("{version:?}")),
            _ => None,
        }
    }

    /// Says inside TLS that nothing follows. A peer that is gone already is no error.
    pub fn close(&mut self) {
        if let Layer::Tls(tls) = &mut self.layer {
            tls.send_close_notify();
            let _ = flush(tls, &mut self.socket);
        }
    }
}

fn read_inside<S: Read + Write>(
    tls: &mut Connection,
    socket: &mut Early<S>,
    bytes: &mut [u8],
) -> io::Result<usize> {
    loop {
        match tls.reader().read(bytes) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => tls.complete_io(socket)?,
            result => return result,
        };
    }
}

fn flush<S: Read + Write>(tls: &mut Connection, socket: &mut Early<S>) -> io::Result<()> {
    while tls.wants_write() {
        tls.write_tls(socket)?;
    }
    Ok(())
}

/// Sends the alert, if the peer still reads it.
fn refuse<S: Read + Write>(
    (error, mut alert): (rustls::Error, AcceptedAlert),
    socket: &mut Early<S>,
) -> io::Error {
    let _ = alert.write_all(socket);
    io::Error::other(error)
}

impl<S: Read> Read for Early<S> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.bytes.is_empty() {
            return self.socket.read(into);
        }
        let len = self.bytes.as_slice().read(into)?;
        self.bytes.drain(..len);
        Ok(len)
    }
}

impl<S: Write> Write for Early<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.socket.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.socket.flush()
    }
}
