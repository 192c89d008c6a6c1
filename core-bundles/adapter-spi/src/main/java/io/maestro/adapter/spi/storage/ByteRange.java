package io.maestro.adapter.spi.storage;

/**
 * A part of an object, as given.
 *
 * @param offset how many bytes of the object stand before it
 * @param length how many bytes it has, at least one
 */
public record ByteRange(long offset, long length) {}
