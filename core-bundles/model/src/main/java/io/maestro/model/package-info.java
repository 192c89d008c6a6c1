/**
 * Identifiers and value records that all sides share: the server, the adapters and the tools.
 *
 * <p>Everything here is immutable, validated when it is made, and safe to use from any thread. Nothing here blocks.
 */
@NullMarked
@Version("1.0.0")
package io.maestro.model;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
