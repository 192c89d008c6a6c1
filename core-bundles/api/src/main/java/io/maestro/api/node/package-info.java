/** What every bundle may know of the node it runs on: its settings and whether it is ready. */
@NullMarked
@Version("1.0.0")
package io.maestro.api.node;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
