/** How bundles tell what they do: lines of the log that say whom they concern, metrics, and traces. */
@NullMarked
@Version("1.0.0")
package io.maestro.api.telemetry;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
