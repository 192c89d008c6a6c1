/** Publishers, their keys, and the inspection of artifacts. */
@NullMarked
@Version("1.0.0")
package io.maestro.api.trust;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
