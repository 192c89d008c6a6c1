/** Secrets of tenants: kept sealed, versioned, given to instances only, and each time written down. */
@NullMarked
@Version("1.0.0")
package io.maestro.api.secrets;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
