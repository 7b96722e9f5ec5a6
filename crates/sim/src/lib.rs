//! Loopback counterparts of the vendors for the demo and tests.
