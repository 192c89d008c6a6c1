/** What happens, live and as a feed of changes. */
@NullMarked
@Version("1.0.0")
package io.maestro.api.events;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
