package io.maestro.adapter.storage.s3;

import java.nio.ByteBuffer;

/** Bytes that become the body of a request, chunk by chunk. */
@FunctionalInterface
interface Chunks {
    /** The next chunk, given away; at most {@code most} bytes and never empty. */
    ByteBuffer next(long most);
}
