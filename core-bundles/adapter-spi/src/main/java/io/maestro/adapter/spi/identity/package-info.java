/**
 * The adapter type {@code identity}: who a caller is, as an OpenID Connect provider says it, with bearer tokens for
 * programs and the authorization code flow for people.
 *
 * <p>Records that carry a token, a code or a verifier do not print it.
 */
@NullMarked
@Version("1.0.0")
package io.maestro.adapter.spi.identity;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
