/** The values that a policy computes with: immutable, totally ordered, safe to share. */
@NullMarked
@Version("1.0.0")
package io.maestro.rego.value;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
