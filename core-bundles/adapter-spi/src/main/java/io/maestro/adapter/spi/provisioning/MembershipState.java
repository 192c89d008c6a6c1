package io.maestro.adapter.spi.provisioning;

/**
 * Output of the operations that assign and remove groups and roles.
 *
 * @param userId the directory's name of the user
 * @param target the directory's name of the group, or the value of the role
 * @param member whether the user is in it now
 */
public record MembershipState(String userId, String target, boolean member) {}
