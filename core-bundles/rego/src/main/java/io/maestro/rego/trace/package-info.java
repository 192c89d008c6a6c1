/** Watching an evaluation. */
@NullMarked
@Version("1.0.0")
package io.maestro.rego.trace;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
