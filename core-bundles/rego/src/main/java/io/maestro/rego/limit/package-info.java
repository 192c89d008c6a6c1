/** What one evaluation may cost. */
@NullMarked
@Version("1.0.0")
package io.maestro.rego.limit;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
