/**
 * The HTTP server: Jetty without servlets, Jersey without scanning. It binds, bounds and guards connections, gives each
 * request its correlation id, and hands it to the JAX-RS application that another bundle offers as a service.
 *
 * <p>Requests run on virtual threads; Jetty's own few platform threads only select and accept.
 */
@NullMarked
package io.maestro.http;

import org.jspecify.annotations.NullMarked;
