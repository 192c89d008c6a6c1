/**
 * The REST API: resources that parse, authorise, call one service and map; problems for everything that goes wrong.
 *
 * <p>Owns no threads but those that ask the readiness checks. Registered as a JAX-RS application, which the HTTP server
 * serves under {@code /api/}.
 */
@NullMarked
package io.maestro.rest;

import org.jspecify.annotations.NullMarked;
