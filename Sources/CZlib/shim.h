#pragma once
#include <zlib.h>

// The functions that set up a stream are macros, which Swift does not import.

/// Sets up compression to the gzip format (16) with the largest window (15).
static inline int czlib_gzip_init(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

/// Sets up decompression of the gzip format and no other.
static inline int czlib_gunzip_init(z_stream *stream) {
    return inflateInit2(stream, 15 + 16);
}
