package io.maestro.adapter.spi.storage;

/**
 * Input of {@code delete_object}.
 *
 * @param key which object
 */
public record DeleteObject(String key) {}
