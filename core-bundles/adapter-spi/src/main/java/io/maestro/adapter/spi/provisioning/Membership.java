package io.maestro.adapter.spi.provisioning;

/**
 * Input of the operations that assign and remove groups and roles.
 *
 * @param userId the directory's name of the user
 * @param target the directory's name of the group, or the value of the role
 */
public record Membership(String userId, String target) {}
