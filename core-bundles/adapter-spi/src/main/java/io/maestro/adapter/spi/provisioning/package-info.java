/**
 * The adapter type {@code provisioning}: users of a directory, and the groups and roles they are in, as SCIM 2.0 servers
 * keep them (RFC 7643, RFC 7644).
 */
@NullMarked
@Version("1.0.0")
package io.maestro.adapter.spi.provisioning;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
