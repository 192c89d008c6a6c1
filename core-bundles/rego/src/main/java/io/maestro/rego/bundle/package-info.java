/**
 * Bundles of policies and data: reading them however hostile they are, verifying and making their signatures, building them from
 * a folder, and putting one in the place of another.
 */
@NullMarked
@Version("1.0.0")
package io.maestro.rego.bundle;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
