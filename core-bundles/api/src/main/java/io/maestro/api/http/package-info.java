/** What the HTTP server and the application that it serves agree on. */
@NullMarked
@Version("1.0.0")
package io.maestro.api.http;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
