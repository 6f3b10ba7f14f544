//! What an office does: make keys, import recordings, approve, sign, publish. It holds secrets; nothing here runs on a station.

pub mod import;
