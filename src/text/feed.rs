//! Words of the room `feed`.

use super::catalogue;

catalogue! {}
