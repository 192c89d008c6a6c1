package io.maestro.adapter.spi;

import java.io.InputStream;
import java.util.OptionalLong;

/**
 * A stream of bytes on its way in.
 *
 * @param bytes read once, on the thread of the call, without holding the whole in memory; the caller closes it
 * @param length how many bytes there are, when the sender said so
 */
public record Content(InputStream bytes, OptionalLong length) {}
