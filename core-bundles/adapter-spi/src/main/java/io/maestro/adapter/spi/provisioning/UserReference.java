package io.maestro.adapter.spi.provisioning;

/**
 * Input of the operations that need no more than a user.
 *
 * @param id the directory's name of the user
 */
public record UserReference(String id) {}
