//! How the program is linked.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        // Relative relocations in one bit each (DT_RELR; glibc from 2.36, Debian 12): else 58,000 of them, 1.4 MB, are read
        // into memory at each start.
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}
