package io.maestro.adapter.spi.storage;

/**
 * Output of {@code delete_object}.
 *
 * @param key which object is gone
 */
public record DeletedObject(String key) {}
