package io.maestro.adapter.spi.storage;

/**
 * Input of {@code get_object}.
 *
 * @param key which object
 */
public record GetObject(String key) {}
