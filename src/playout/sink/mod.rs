//! Where sound goes: a file each. A sink takes mono frames at 48 kHz.
