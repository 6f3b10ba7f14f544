//! What the hub signs to say that it holds a log up to a line. With it, a tail cannot be cut unnoticed. Pure.
