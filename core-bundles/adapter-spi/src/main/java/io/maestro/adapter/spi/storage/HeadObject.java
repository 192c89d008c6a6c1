package io.maestro.adapter.spi.storage;

/**
 * Input of {@code head_object}.
 *
 * @param key which object
 */
public record HeadObject(String key) {}
