/**
 * The adapter {@code identity-oidc}: people and programs as an OpenID Connect provider knows them.
 *
 * <p>Nimbus JOSE+JWT reads tokens and keys and verifies signatures; all HTTP goes through the host's client. What the
 * provider publishes is kept and fetched by one caller for all. Owns no thread and never retries.
 */
@NullMarked
package io.maestro.adapter.identity.oidc;

import org.jspecify.annotations.NullMarked;
