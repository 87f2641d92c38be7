//! The public types stay small: a machine beside its storage, and the values that are copied around.

use http_upgrade::h2c::Settings;
use http_upgrade::{
    Action, Allow, Client, Decision, Error, Fields, Misuse, Offer, Policy, Protocol, Request,
    Response, Server, Status, UpgradeRequest, WebSocketOffer, client,
};

/// What a server needs beside its storage, in bytes.
const SERVER: usize = if cfg!(target_pointer_width = "32") {
    96
} else {
    112
};

/// The most bytes that each type may have: this many words of 64 bits.
fn assert_words<T>(most: usize) {
    let words = size_of::<T>().div_ceil(8);
    assert!(
        words <= most,
        "{}: {words} words",
        core::any::type_name::<T>()
    );
}

#[test]
fn a_server_is_small_beside_its_storage() {
    assert!(size_of::<Server<'_, &mut [u8]>>() - size_of::<&mut [u8]>() <= SERVER);
    // The storage is all that a larger one adds.
    assert!(size_of::<Server<'_, [u8; 256]>>() <= SERVER + 256);
    assert!(size_of::<Server<'_, [u8; 4096]>>() <= SERVER + 4096);
}

#[test]
fn what_is_copied_around_is_small() {
    assert_words::<Action<'_>>(6);
    assert_words::<Request<'_>>(3);
    assert_words::<Response<'_>>(8);
    assert_words::<Fields<'_>>(2);
    assert_words::<Decision<'_>>(3);
    assert_words::<Protocol<'_>>(3);
    assert_words::<Allow<'_>>(5);
    assert_words::<Policy<'_>>(12);
    assert_words::<Misuse>(2);
    assert_eq!(size_of::<Error>(), 1);
    assert_eq!(size_of::<Option<Error>>(), 1);
    assert_eq!(size_of::<Status>(), 2);
    // Sixteen settings and their number.
    assert!(size_of::<Settings>() <= 16 * 8 + size_of::<usize>());
}

/// What a client needs beside its storage, in bytes.
const CLIENT: usize = if cfg!(target_pointer_width = "32") {
    96
} else {
    112
};

#[test]
fn a_client_is_small_beside_its_storage() {
    assert!(size_of::<Client<'_, &mut [u8]>>() - size_of::<&mut [u8]>() <= CLIENT);
    // The storage is all that a larger one adds.
    assert!(size_of::<Client<'_, [u8; 256]>>() <= CLIENT + 256);
    assert!(size_of::<Client<'_, [u8; 4096]>>() <= CLIENT + 4096);
}

#[test]
fn what_a_client_is_given_and_gives_is_small() {
    assert_words::<client::Action<'_>>(9);
    assert_words::<client::Response<'_>>(6);
    assert_words::<client::Uri<'_>>(5);
    assert_words::<Offer<'_>>(4);
    assert_words::<WebSocketOffer<'_>>(8);
    assert_words::<UpgradeRequest<'_>>(17);
}
