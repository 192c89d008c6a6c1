/**
 * The adapter {@code provisioning-scim}: users, groups and roles of a directory that speaks SCIM 2.0 (RFC 7643, RFC 7644).
 *
 * <p>{@link io.maestro.adapter.provisioning.scim.ScimDirectory} is the contract, {@link
 * io.maestro.adapter.provisioning.scim.Connection} the way to the directory.
 */
@NullMarked
package io.maestro.adapter.provisioning.scim;

import org.jspecify.annotations.NullMarked;
