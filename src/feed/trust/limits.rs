//! How much of each kind is read at most, in bytes after decompression. "Endless data" ends here, even when a stolen
//! online key signs a length. Ten times what a province of 500 areas and 500 bulletins has.

/// `root.json` (§5.3.3, W).
pub const ROOT_MAX: u64 = 256 << 10;
/// Roots followed in one pass (§5.3.3, Y).
pub const ROOTS_MAX: u64 = 1024;
/// `timestamp.json` (§5.4.1, X).
pub const TIMESTAMP_MAX: u64 = 64 << 10;
/// `snapshot.json` (§5.5.1, Y).
pub const SNAPSHOT_MAX: u64 = 1 << 20;
/// `targets.json` and each delegated role (§5.6.1, Z).
pub const TARGETS_MAX: u64 = 8 << 20;
/// Roles visited in one search (§5.6.7.1).
pub const VISITS_MAX: usize = 32;
/// `policy.yaml`.
pub const POLICY_MAX: u64 = 256 << 10;
/// `registry/stations.yaml`.
pub const REGISTRY_MAX: u64 = 4 << 20;
/// A schedule, or an area's `stations.yaml`.
pub const AREA_FILE_MAX: u64 = 1 << 20;
/// `withdrawn.json`.
pub const WITHDRAWN_MAX: u64 = 1 << 20;
/// An urgent order.
pub const URGENT_MAX: u64 = 16 << 10;
