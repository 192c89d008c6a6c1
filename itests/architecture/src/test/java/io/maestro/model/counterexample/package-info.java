/** An exported package. */
@NullMarked
@Version("1.0.0")
package io.maestro.model.counterexample;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
