/** The adapter host: definitions, quarantined artifacts, instances and calls. */
@NullMarked
@Version("1.0.0")
package io.maestro.api.adapters;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
