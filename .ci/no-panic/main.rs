//! Every public function of the crate, with arguments that no compiler can foresee. See `run` beside this file.
#![no_std]
#![no_main]

mod bridges;
mod client;
mod server;
mod values;
mod websocket;

use core::hint::black_box;
use core::panic::PanicInfo;

/// Keeps the place of each panic that can be reached.
#[panic_handler]
fn panic(info: &PanicInfo) -> ! {
    black_box(info.location());
    loop {}
}

#[unsafe(no_mangle)]
extern "C" fn _start() -> ! {
    let mut input = [0; 512];
    let mut output = [0; 512];
    loop {
        let (input, output) = (unforeseen(&mut input), unforeseen(&mut output));
        values::look(output);
        server::serve(input, output);
        client::ask(input, output);
        websocket::serve(input, output);
        websocket::ask(input, output);
    }
}

/// The same bytes, of which the compiler now knows nothing, and as few of them as it cannot know.
fn unforeseen(bytes: &mut [u8]) -> &mut [u8] {
    let len = black_box(bytes.len());
    black_box(bytes).get_mut(..len).unwrap_or_default()
}

fn used<T>(value: T) {
    black_box(value);
}

/// Every item, by `next` itself.
fn each<I: Iterator>(mut items: I, mut then: impl FnMut(I::Item)) {
    while let Some(item) = items.next() {
        then(item);
    }
}
